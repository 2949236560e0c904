#include "weir/retrieval/search_each.hpp"

#include <algorithm>
#include <utility>

namespace weir::retrieval {
namespace {

bool holds(const std::vector<Hit>& hits, const Passage& passage) {
  return std::any_of(hits.begin(), hits.end(),
                     [&](const Hit& hit) { return ref(hit.passage) == ref(passage); });
}

}  // namespace

Result<std::vector<Hit>> search_each(const Pack& pack, const std::vector<Query>& queries,
                                     const limits::Pack& limits) {
  std::vector<std::vector<Hit>> found;
  std::size_t longest = 0;
  for (const Query& query : queries) {
    auto hits = search(pack, query, limits);
    if (!hits) return hits.error();
    longest = std::max(longest, hits->size());
    found.push_back(*std::move(hits));
  }
  std::vector<Hit> merged;
  for (std::size_t rank = 0; rank < longest; ++rank) {
    for (std::vector<Hit>& hits : found) {
      if (merged.size() >= queries.front().limit) return merged;
      if (rank >= hits.size() || holds(merged, hits[rank].passage)) continue;
      merged.push_back(std::move(hits[rank]));
    }
  }
  return merged;
}

}  // namespace weir::retrieval
