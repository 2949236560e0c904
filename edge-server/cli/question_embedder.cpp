#include "question_embedder.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "embedder.hpp"
#include "named_model.hpp"

namespace weir::cli {
namespace {

using retrieval::EmbeddingSpace;
using retrieval::QuestionEmbedding;

/// Somebody waits, and there is another way.
limits::BulkEmbedding impatient() {
  limits::BulkEmbedding limits;
  limits.retries = 1;
  limits.wait_most = 2s;
  limits.whole = 10s;
  return limits;
}

}  // namespace

QuestionEmbedder::QuestionEmbedder(QuestionSettings settings,
                                   std::span<const retrieval::Pack* const> packs,
                                   std::ostream& errors)
    : settings_(std::move(settings)), errors_(errors) {
  if (settings_.offline) return;
  for (const retrieval::Pack* const pack : packs) {
    const EmbeddingSpace* const space = pack->embeddings();
    if (space && std::find(spaces_.begin(), spaces_.end(), *space) == spaces_.end())
      spaces_.push_back(*space);
  }
}

std::vector<std::vector<QuestionEmbedding>> QuestionEmbedder::embed(
    const std::vector<std::string>& questions) {
  std::vector<std::vector<QuestionEmbedding>> out(questions.size());
  if (questions.empty()) return out;
  for (auto space = spaces_.begin(); space != spaces_.end();) {
    const auto embedded = embed_in(*space, questions, out);
    if (embedded) {
      ++space;
      continue;
    }
    errors_ << "weir: Questions are not embedded by " << space->provider << ':' << space->model
            << ": " << embedded.error().message << " Ranking by what works offline.\n";
    space = spaces_.erase(space);
  }
  return out;
}

Result<void> QuestionEmbedder::embed_in(const EmbeddingSpace& space,
                                        const std::vector<std::string>& questions,
                                        std::vector<std::vector<QuestionEmbedding>>& out) const {
  auto model = settings_.edge.empty()
                   ? find_model(space.provider, space.model, space.shortened ? space.dimensions : 0,
                                settings_.config)
                   : Result(model_at_edge(space.provider, space.model, settings_.edge));
  if (!model) return model.error();
  relay::BulkJob job{std::move(model->provider), std::move(model->model), space.dimensions,
                     space.shortened, questions};
  EmbeddingListener listener;
  listener.part = [&](relay::BulkEmbedding::Part&& part) -> Result<void> {
    for (std::size_t i = 0; i < part.directions.size(); ++i)
      out[part.first + i].push_back({space, std::move(part.directions[i])});
    return {};
  };
  return cli::embed(std::move(job), impatient(), listener);
}

}  // namespace weir::cli
