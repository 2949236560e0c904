#include <algorithm>

#include "search/packs.hpp"
#include "search/words.hpp"
#include "weir/retrieval/search_each.hpp"
#include "weir/text/utf8.hpp"

namespace weir::boundary {
namespace {

/// Packs that are asked are kept until the search is closed.
struct RunningSearch {
  std::vector<std::shared_ptr<OpenPack>> packs;
  retrieval::SearchEach search;
};

Handles<RunningSearch> searches;

/// Turns ascending byte offsets of a text into UTF-16 offsets, as JavaScript's strings count.
class Utf16Offsets {
 public:
  explicit Utf16Offsets(std::string_view text) : text_(text) {}

  std::uint32_t at(std::size_t byte) {
    while (byte_ < std::min(byte, text_.size())) {
      const text::Decoded decoded = text::decode(text_, byte_);
      byte_ += decoded.length;
      units_ += decoded.code_point > 0xFFFF ? 2 : 1;
    }
    return units_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::uint32_t units_ = 0;
};

json::Value json_of(const retrieval::Hit& hit) {
  json::Value matches = json::Value::array();
  Utf16Offsets offsets(hit.passage.text);
  for (const retrieval::Match& match : hit.matches) {
    const std::uint32_t begin = offsets.at(match.begin);
    matches.push_back({{"begin", begin}, {"end", offsets.at(match.end)}});
  }
  return {{"path", hit.passage.path},
          {"start_line", hit.passage.start_line},
          {"end_line", hit.passage.end_line},
          {"text", hit.passage.text},
          {"pack", hit.pack},
          {"score", hit.score},
          {"matches", std::move(matches)},
          {"symbol", hit.symbol},
          {"found_by",
           {{"words", hit.found_by.words},
            {"name", hit.found_by.name},
            {"meaning", hit.found_by.meaning}}}};
}

/// One that is not of as many numbers as it should be is left out.
void add_embedding(retrieval::Query& query, const json::Value& value) {
  retrieval::EmbeddingSpace space;
  space.provider = json::string_or(value, "provider");
  space.model = json::string_or(value, "model");
  space.dimensions = static_cast<std::uint32_t>(json::integer_or(value, "dimensions", 0));
  space.shortened = json::boolean_or(value, "shortened", false);
  std::vector<float> vector;
  if (const json::Value* numbers = json::find(value, "vector"); numbers && numbers->is_array()) {
    for (const json::Value& number : *numbers) {
      if (number.is_number()) vector.push_back(static_cast<float>(number.get<double>()));
    }
  }
  auto embedding = retrieval::QuestionEmbedding::of(space, vector);
  if (embedding) query.embeddings.push_back(*std::move(embedding));
}

retrieval::Query query_of(const json::Value& value) {
  retrieval::Query query;
  query.text = json::string_or(value, "text");
  query.limit = static_cast<std::size_t>(std::max<std::int64_t>(
      0, json::integer_or(value, "limit", static_cast<std::int64_t>(query.limit))));
  query.include = strings_of(value, "include");
  query.exclude = strings_of(value, "exclude");
  query.prefer_path = json::string_or(value, "prefer_path");
  if (const json::Value* list = json::find(value, "embeddings"); list && list->is_array()) {
    for (const json::Value& embedding : *list) add_embedding(query, embedding);
  }
  return query;
}

/// The packs that the query's handles name.
Result<std::vector<std::shared_ptr<OpenPack>>> packs_of(const json::Value& query) {
  std::vector<std::shared_ptr<OpenPack>> asked;
  const json::Value* handles = json::find(query, "packs");
  if (!handles || !handles->is_array()) return asked;
  for (const json::Value& handle : *handles) {
    auto open = handle.is_number_unsigned() ? find_pack(handle.get<std::uint32_t>()) : nullptr;
    if (!open) return no_such_handle("pack");
    asked.push_back(std::move(open));
  }
  return asked;
}

Result<json::Value> open_search(std::string_view text) {
  const Result<json::Value> parsed = json::parse(text);
  if (!parsed) return parsed.error();
  auto asked = packs_of(*parsed);
  if (!asked) return asked.error();
  std::vector<const retrieval::Pack*> views;
  for (const auto& open : *asked) views.push_back(&open->pack);
  std::vector<retrieval::Query> queries;
  if (const json::Value* list = json::find(*parsed, "queries"); list && list->is_array()) {
    for (const json::Value& query : *list) queries.push_back(query_of(query));
  }
  static const retrieval::WordTable no_words;
  const bool by_words_alone = json::boolean_or(*parsed, "by_words_alone", false);
  retrieval::SearchEach search(views, by_words_alone ? no_words : words(), queries);
  return json::Value{{"search", searches.open(std::make_unique<RunningSearch>(
                                    RunningSearch{*std::move(asked), std::move(search)}))}};
}

void run(RunningSearch& running) {
  const Result<bool> done = running.search.run();
  if (!done) return fail(done.error());
  if (!*done) return give(take_wanted());
  json::Value found = json::Value::array();
  const std::string meaning(name(running.search.meaning()));
  for (const retrieval::Hit& hit : std::move(running.search).take_hits())
    found.push_back(json_of(hit));
  give(json::Value{{"value", {{"hits", std::move(found)}, {"meaning", meaning}}}});
}

}  // namespace
}  // namespace weir::boundary

using namespace weir::boundary;

/// {"packs": handles, "queries": [{"text", "limit"?, "include"?, "exclude"?, "prefer_path"?,
/// "embeddings"?: [{"provider", "model", "dimensions", "shortened", "vector": numbers}]}]} ->
/// {"search": handle}.
WEIR_EXPORT void weir_search_open(const std::uint8_t* query, std::uint32_t query_size) {
  give(open_search(text_of(query, query_size)));
}

/// {"value": {"hits": array of Hit, whose "pack" is a place in "packs", "meaning"}} or {"wanted"}.
WEIR_EXPORT void weir_search_run(std::uint32_t search) {
  RunningSearch* const found = searches.find(search);
  found ? run(*found) : fail(no_such_handle("search"));
}

WEIR_EXPORT void weir_search_close(std::uint32_t search) {
  searches.take(search);
}
