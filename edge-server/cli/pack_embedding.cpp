#include "pack_embedding.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <istream>
#include <ostream>
#include <set>
#include <utility>

#include "embedder.hpp"
#include "vocabularies.hpp"
#include "weir/provider/embeddings.hpp"
#include "weir/provider/models.hpp"
#include "weir/relay/bulk_embedding.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::cli {
namespace {

using Clock = std::chrono::steady_clock;

Error no_model(const std::string& name) {
  return {ErrorCode::invalid_request, "\"" + name + "\" names no model.",
          "Use --embed PROVIDER:MODEL, as in openai:text-embedding-3-small."};
}

/// "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

/// In units of a currency, to two digits that say something.
std::string money(double amount, const std::string& currency) {
  int digits = 2;
  for (double least = 0.1; amount > 0 && amount < least && digits < 8; least /= 10) ++digits;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, amount);
  return text + (" " + currency);
}

std::string span_of(Duration time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  return seconds < 120 ? std::to_string(seconds) + " s"
                       : std::to_string((seconds + 59) / 60) + " min";
}

/// How far it is: a line that is written over for people who watch, else a line now and then.
class Progress {
 public:
  Progress(std::ostream& out, std::size_t total) : out_(out), total_(total) {}
  ~Progress() {
    if (watched_) out_ << "\r\033[K" << std::flush;
  }

  void add(std::size_t chunks) {
    done_ += chunks;
    const auto now = Clock::now();
    constexpr auto pause_watched = std::chrono::milliseconds(200);
    constexpr auto pause_kept = std::chrono::seconds(15);
    if (now - told_ < (watched_ ? Clock::duration(pause_watched) : Clock::duration(pause_kept)))
      return;
    told_ = now;
    const auto passed = std::chrono::duration_cast<Duration>(now - began_);
    const auto left = passed * static_cast<std::int64_t>(total_ - done_) /
                      static_cast<std::int64_t>(std::max<std::size_t>(done_, 1));
    tell("embedded " + grouped(done_) + " of " + grouped(total_) + " chunks, about " +
         span_of(left) + " left");
  }

  void pause(const stream::Failed& why, Duration wait) {
    told_ = Clock::now();
    tell(why.error.message + " Going on in " + span_of(wait) + ".");
  }

 private:
  void tell(const std::string& text) {
    if (watched_)
      out_ << "\r\033[K" << text << std::flush;
    else
      out_ << text << '\n';
  }

  std::ostream& out_;
  const std::size_t total_;
  const bool watched_ = ::isatty(STDERR_FILENO) == 1;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point told_ = began_;
  std::size_t done_ = 0;
};

}  // namespace

PackEmbedding::PackEmbedding(EmbedSettings settings, NamedModel model, std::string pack,
                             PaidEmbeddings paid)
    : settings_(std::move(settings)),
      pack_(std::move(pack)),
      model_(std::move(model)),
      paid_(std::make_unique<PaidEmbeddings>(std::move(paid))),
      space_{model_.provider.name, model_.model, settings_.dimensions, settings_.dimensions > 0} {}

Result<PackEmbedding> PackEmbedding::prepare(const EmbedSettings& settings, const std::string& pack,
                                             std::ostream& errors) {
  const std::size_t colon = settings.model.find(':');
  const std::string provider = settings.model.substr(0, colon);
  if (colon == std::string::npos || provider.empty() || colon + 1 == settings.model.size())
    return no_model(settings.model);
  auto model =
      find_model(provider, settings.model.substr(colon + 1), settings.dimensions, settings.config);
  if (!model) return model.error();
  auto paid = PaidEmbeddings::open(embeddings_path(pack), errors);
  if (!paid) return paid.error();
  return PackEmbedding(settings, *std::move(model), pack, *std::move(paid));
}

Result<PackEmbedding::Outcome> PackEmbedding::run(retrieval::Intake& intake, std::istream& input,
                                                  std::ostream& errors) {
  auto missing = find_missing(intake);
  if (!missing) return missing.error();
  const auto agreed = agree(*missing, input, errors);
  if (!agreed) return agreed.error();
  if (!*agreed) return Outcome::not_agreed;
  if (!missing->empty()) {
    if (auto paid = pay(*std::move(missing), errors); !paid) return paid.error();
  }
  if (chunks_.empty()) return Outcome::done;
  for (const Hash128& text : chunks_) {
    const auto direction = paid_->find(text);
    if (!direction || direction->size() != space_.dimensions) return paid_->cannot_read();
  }
  intake.carry_embeddings(space_,
                          [this](std::uint32_t chunk) { return *paid_->find(chunks_[chunk]); });
  return Outcome::done;
}

/// Of the texts, each once. What was kept of other dimensions than the first is of another model
/// under the same name.
Result<std::vector<PackEmbedding::Missing>> PackEmbedding::find_missing(retrieval::Intake& intake) {
  std::vector<Missing> missing;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  const retrieval::EmbeddingSpace asked = space_;
  const auto visited = intake.each_chunk([&](std::string_view path, std::string_view chunk) {
    std::string text = retrieval::embedding_text(path, chunk);
    const Hash128 hash = paid_->hash_of(asked, text);
    chunks_.push_back(hash);
    const auto known = paid_->find(hash);
    if (known && space_.dimensions == 0)
      space_.dimensions = static_cast<std::uint32_t>(known->size());
    if (known && known->size() == space_.dimensions) return;
    if (seen.insert({hash.low, hash.high}).second) missing.push_back({hash, std::move(text)});
  });
  if (!visited) return visited.error();
  return missing;
}

/// Tells what it will cost, and asks whether that is agreed to.
Result<bool> PackEmbedding::agree(const std::vector<Missing>& missing, std::istream& input,
                                  std::ostream& errors) const {
  errors << settings_.model << ": ";
  if (missing.empty()) {
    errors << "all " << grouped(chunks_.size()) << " chunks are embedded already\n";
    return true;
  }
  const auto known = provider::find_embedding_model(model_.provider.embeddings, model_.model);
  const auto encoding = tokens::Encoding::load(
      edge::vocabulary(known.encoding.value_or(tokens::EncodingName::cl100k_base)));
  if (!encoding) return encoding.error();
  std::uint64_t tokens = 0;
  std::vector<std::size_t> sizes;
  for (const Missing& each : missing) {
    tokens += encoding->count(each.text);
    sizes.push_back(each.text.size());
  }
  const std::size_t calls = relay::BulkEmbedding::count_calls(
      sizes, provider::embedding_batch(model_.provider, model_.model), {});
  errors << grouped(missing.size()) << " chunks to embed of " << grouped(chunks_.size()) << ", "
         << (known.encoding ? "" : "about ") << grouped(tokens) << " tokens, " << grouped(calls)
         << (calls == 1 ? " call, " : " calls, ");
  constexpr double million = 1e6;
  errors << (known.price ? money(static_cast<double>(tokens) / million * known.price->input,
                                 known.price->currency)
                         : std::string("the price is not known"))
         << '\n';
  if (settings_.yes) return true;
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) {
    errors << "weir: Nothing was asked of the provider. Add --yes to agree to that.\n";
    return false;
  }
  errors << "Go on? [y/N] " << std::flush;
  std::string answer;
  std::getline(input, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

Result<void> PackEmbedding::pay(std::vector<Missing> missing, std::ostream& errors) {
  relay::BulkJob job{model_.provider, model_.model, space_.dimensions, space_.shortened, {}};
  for (Missing& each : missing) job.texts.push_back(std::move(each.text));
  std::size_t kept = 0;
  Result<void> embedded;
  {
    Progress progress(errors, missing.size());
    EmbeddingListener listener;
    listener.part = [&](relay::BulkEmbedding::Part&& part) -> Result<void> {
      std::vector<PaidEmbeddings::Paid> paid;
      for (std::size_t i = 0; i < part.directions.size(); ++i)
        paid.emplace_back(missing[part.first + i].hash, std::move(part.directions[i]));
      space_.dimensions = static_cast<std::uint32_t>(paid.front().second.size());
      if (auto added = paid_->add(paid); !added) return added;
      kept += paid.size();
      progress.add(paid.size());
      return {};
    };
    listener.pause = [&](const stream::Failed& why, Duration wait) { progress.pause(why, wait); };
    embedded = embed(std::move(job), {}, listener);
  }
  if (embedded) {
    paid_->reload();
    return {};
  }
  Error error = embedded.error();
  error.hint += " " + grouped(kept) + " of " + grouped(missing.size()) +
                " chunks were embedded and are kept: the same command pays for the others only.";
  if (missing.size() < chunks_.size()) {
    error.hint += " Where the model has been replaced since by one of other dimensions, delete " +
                  embeddings_path(pack_).string() + ".";
  }
  return error;
}

void PackEmbedding::finish() {
  // It is as good as it was where it cannot be made smaller.
  (void)paid_->drop_all_but(chunks_);
}

}  // namespace weir::cli
