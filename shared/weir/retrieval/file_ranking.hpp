#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/retrieval/pack.hpp"
#include "weir/retrieval/query_terms.hpp"
#include "weir/retrieval/term_scores.hpp"
#include "weir/text/globs.hpp"

namespace weir::retrieval {

/// Scores are fractions of the best file's by its words alone, in millionths.
constexpr std::int64_t score_unit = 1'000'000;

/// Which files may answer, and which one the asker is looking at.
struct FileFilter {
  text::Globs include;
  text::Globs exclude;
  std::string_view preferred;  ///< a path; may be empty

  bool admits(std::string_view path) const {
    return (include.empty() || include.matches(path)) && !exclude.matches(path);
  }
};

struct RankedFile {
  std::uint32_t pack = 0;
  std::uint32_t file = 0;
  std::int64_t score = 0;
};

/// The `limit` best of the files that have any of the question's terms, and of the preferred one,
/// best first; equal ones in the order of the packs. All of it is integer arithmetic, so that every
/// build ranks alike. A file's score adds up:
///
/// - its words: BM25F of its best chunks and of the whole file, times its prior;
/// - names that the question spells out and the file defines;
/// - its folder, how much of what is found lies there, and its meaning (meaning.hpp), unless the
///   question spells out a name that few files define: then there is nothing to guess. The file
///   that is best before its meaning is looked at stays first;
/// - its siblings: a file that shares its name with a better one (`parse.c`, `parse.h`,
///   `test_parse.c`) is drawn towards it.
std::vector<RankedFile> rank_files(std::span<const Pack* const> packs, const QueryTerms& terms,
                                   std::span<const TermScores> scores, const FileFilter& filter,
                                   std::size_t limit);

}  // namespace weir::retrieval
