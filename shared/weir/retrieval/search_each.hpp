#pragma once

#include <vector>

#include "weir/retrieval/search.hpp"

namespace weir::retrieval {

/// Several queries of one question, and what they find as one list: the best of each query, then
/// the second of each, and so on, every passage once. As many as the first query asks for. Goes on
/// as Search does, and fails where one of its searches does.
class SearchEach {
 public:
  SearchEach(const std::vector<const Pack*>& packs, const WordTable& words,
             const std::vector<Query>& queries, const limits::Pack& limits = {});

  /// True: there are hits.
  Result<bool> run();
  std::vector<Hit> take_hits() &&;
  /// The best of its searches'.
  MeaningBy meaning() const;

 private:
  std::vector<Search> searches_;
  std::size_t limit_ = 0;
};

/// The same in one go, of a pack that is wholly here.
Result<std::vector<Hit>> search_each(const Pack& pack, const std::vector<Query>& queries,
                                     const limits::Pack& limits = {});

}  // namespace weir::retrieval
