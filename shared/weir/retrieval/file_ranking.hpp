#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "weir/retrieval/meaning.hpp"
#include "weir/retrieval/pack.hpp"
#include "weir/retrieval/phrase_code.hpp"
#include "weir/retrieval/term_scores.hpp"

namespace weir::retrieval {

/// Scores are fractions of the best file's by its words alone, in millionths.
constexpr std::int64_t score_unit = 1'000'000;

/// Which files of a pack may answer, and which one the asker is looking at.
struct FileFilter {
  std::vector<std::uint8_t> admitted;      ///< one for each file; empty: all are
  std::optional<std::uint32_t> preferred;  ///< its number

  bool admits(std::uint32_t file) const { return admitted.empty() || admitted[file] != 0; }
};

/// What there is to rank by. Filters and scores: one for each pack.
struct Evidence {
  std::span<const Pack* const> packs;
  std::span<const FileFilter> filters;
  std::span<const TermScores> scores;
  const QuestionMeaning& question;
  const AskedPhrases& phrases;
};

struct RankedFile {
  std::uint32_t pack = 0;
  std::uint32_t file = 0;
  std::int64_t score = 0;
  bool near = false;  ///< in meaning, by more than a deviation
};

/// The `limit` best of the files that have any of the question's terms, and of the preferred one,
/// best first; equal ones in the order of the packs. All of it is integer arithmetic, so that every
/// build ranks alike. A file's score adds up:
///
/// - its words: BM25F of its best chunks and of the whole file and how many of the question's are
///   there (term_scores.cpp), times its prior;
/// - names that the question spells out and the file defines;
/// - its folder, how much of what is found lies there, and its meaning (meaning.hpp), unless the
///   question spells out a name that few files define: then there is nothing to guess. Of these the
///   file that is best before its meaning is looked at stays first;
/// - its siblings: a file that shares its name with a better one (`parse.c`, `parse.h`,
///   `test_parse.c`) is drawn towards it;
/// - its phrases (phrase_code.hpp), where it is one of the best, times its prior: not where such a
///   name is spelled out.
///
/// Nothing: vectors and phrases are wanted, all that are.
std::optional<std::vector<RankedFile>> rank_files(const Evidence& evidence, std::size_t limit);

}  // namespace weir::retrieval
