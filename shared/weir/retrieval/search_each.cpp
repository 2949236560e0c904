#include "weir/retrieval/search_each.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"

namespace weir::retrieval {
namespace {

bool holds(const std::vector<Hit>& hits, const Hit& wanted) {
  return std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
    return hit.pack == wanted.pack && ref(hit.passage) == ref(wanted.passage);
  });
}

}  // namespace

SearchEach::SearchEach(const std::vector<const Pack*>& packs, const WordTable& words,
                       const std::vector<Query>& queries, const limits::Pack& limits) {
  if (!queries.empty()) limit_ = queries.front().limit;
  for (const Query& query : queries) searches_.emplace_back(packs, words, query, limits);
}

Result<bool> SearchEach::run() {
  bool done = true;
  for (Search& search : searches_) {
    const Result<bool> ran = search.run();
    if (!ran) return ran;
    done = done && *ran;
  }
  return done;
}

MeaningBy SearchEach::meaning() const {
  MeaningBy best = MeaningBy::none;
  for (const Search& search : searches_) best = std::max(best, search.meaning());
  return best;
}

std::vector<Hit> SearchEach::take_hits() && {
  std::size_t longest = 0;
  for (Search& search : searches_) longest = std::max(longest, search.hits().size());
  std::vector<Hit> merged;
  for (std::size_t rank = 0; rank < longest; ++rank) {
    for (Search& search : searches_) {
      std::vector<Hit>& hits = search.hits();
      if (merged.size() >= limit_) return merged;
      if (rank >= hits.size() || holds(merged, hits[rank])) continue;
      merged.push_back(std::move(hits[rank]));
    }
  }
  return merged;
}

Result<std::vector<Hit>> search_each(const Pack& pack, const std::vector<Query>& queries,
                                     const limits::Pack& limits) {
  SearchEach search({&pack}, WordTable::built_in(), queries, limits);
  const Result<bool> done = search.run();
  if (!done) return done.error();
  WEIR_ASSERT(*done);
  return std::move(search).take_hits();
}

}  // namespace weir::retrieval
