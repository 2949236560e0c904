#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/passage.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::retrieval {

/// A byte range [begin, end) of a passage's text whose term the query has.
struct Match {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Match&, const Match&) = default;
};

struct Hit {
  Passage passage;
  std::uint32_t pack = 0;  ///< its place among the packs that were asked
  std::uint32_t score =
      0;  ///< for ranking within one answer; an integer, so that every build agrees
  std::vector<Match> matches;  ///< ascending, apart from one another
  std::string symbol;          ///< a name that is defined in the passage; may be empty
};

struct Query {
  std::string text;
  std::size_t limit = 10;            ///< at most limits::Pack::hits
  std::vector<std::string> include;  ///< globs; where there are any, only files they match
  std::vector<std::string> exclude;  ///< globs
  std::string prefer_path;           ///< a file the asker is looking at; may be empty
};

/// The passages of all packs that answer the query best, best first, equal ones in the order of the
/// pack. The first three of each file come before any file's fourth, so that one long file cannot
/// fill the list. Scores of different packs can be compared. Fails with invalid_request where the
/// query is too long, with pack_damaged where postings are broken.
Result<std::vector<Hit>> search(std::span<const Pack* const> packs, const Query& query,
                                const limits::Pack& limits = {});

/// The same of one pack.
Result<std::vector<Hit>> search(const Pack& pack, const Query& query,
                                const limits::Pack& limits = {});

}  // namespace weir::retrieval
