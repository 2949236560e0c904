#include "weir/provider/models.hpp"

#include <string>

namespace weir::provider {
namespace {

using tokens::EncodingName;

/// Answers should keep to the passages.
constexpr std::string_view temperature = "0.2";

struct Fact {
  std::string_view id;
  std::uint32_t context_tokens;
  std::uint32_t output_tokens;  ///< the most one answer may have; reasoning counts in
  EncodingName encoding;
  bool exact;  ///< tiktoken's table names this model's encoding
  bool reasoning;
};

/// Context window and output limit as the catalogues of models.dev and LiteLLM give them; encodings
/// from MODEL_TO_ENCODING and MODEL_PREFIX_TO_ENCODING in tiktoken (tiktoken/model.py), which names
/// no model after gpt-5. A model's limit on its input is the window less the output limit.
constexpr Fact facts[] = {
    {"gpt-5-mini", 400'000, 128'000, EncodingName::o200k_base, true, true},
    {"gpt-5", 400'000, 128'000, EncodingName::o200k_base, true, true},
    {"gpt-5-nano", 400'000, 128'000, EncodingName::o200k_base, true, true},
    {"gpt-5.1", 400'000, 128'000, EncodingName::o200k_base, false, true},
    {"gpt-5.2", 400'000, 128'000, EncodingName::o200k_base, false, true},
    {"gpt-5.4", 1'050'000, 128'000, EncodingName::o200k_base, false, true},
    {"gpt-5.4-mini", 400'000, 128'000, EncodingName::o200k_base, false, true},
    {"gpt-5.5", 1'050'000, 128'000, EncodingName::o200k_base, false, true},
    {"gpt-5.6-luna", 1'050'000, 128'000, EncodingName::o200k_base, false, true},
    {"gpt-4.1", 1'047'576, 32'768, EncodingName::o200k_base, true, false},
    {"gpt-4.1-mini", 1'047'576, 32'768, EncodingName::o200k_base, true, false},
    {"gpt-4.1-nano", 1'047'576, 32'768, EncodingName::o200k_base, true, false},
    {"gpt-4o", 128'000, 16'384, EncodingName::o200k_base, true, false},
    {"gpt-4o-mini", 128'000, 16'384, EncodingName::o200k_base, true, false},
    {"o4-mini", 200'000, 100'000, EncodingName::o200k_base, true, true},
    {"o3", 200'000, 100'000, EncodingName::o200k_base, true, true},
    {"o3-mini", 200'000, 100'000, EncodingName::o200k_base, true, true},
    {"o1", 200'000, 100'000, EncodingName::o200k_base, true, true},
    {"gpt-4-turbo", 128'000, 4'096, EncodingName::cl100k_base, true, false},
    {"gpt-4", 8'192, 4'096, EncodingName::cl100k_base, true, false},
    {"gpt-3.5-turbo", 16'385, 4'096, EncodingName::cl100k_base, true, false},
};

bool is_snapshot_of(std::string_view id, std::string_view model) {
  constexpr std::size_t date = sizeof("-2024-08-06") - 1;
  return id.size() == model.size() + date && id.substr(0, model.size()) == model &&
         id.substr(model.size(), 3) == "-20";
}

}  // namespace

std::vector<Model> openai_models() {
  std::vector<Model> models;
  for (const Fact& fact : facts) {
    Model model;
    model.id = fact.id;
    model.budget = {fact.context_tokens, fact.output_tokens};
    model.encoding = fact.encoding;
    model.exact = fact.exact;
    model.reasoning_model = fact.reasoning;
    if (!fact.reasoning) model.temperature = temperature;
    model.known = true;
    models.push_back(std::move(model));
  }
  return models;
}

Model find_model(const std::vector<Model>& known, std::string_view id) {
  for (const Model& model : known) {
    if (model.id != id && !is_snapshot_of(id, model.id)) continue;
    Model found = model;
    found.id = id;
    return found;
  }
  Model unknown;
  unknown.id = id;
  unknown.exact = false;
  return unknown;
}

}  // namespace weir::provider
