#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/passage.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/file_ranking.hpp"
#include "weir/retrieval/meaning.hpp"
#include "weir/retrieval/pack.hpp"
#include "weir/retrieval/query_terms.hpp"
#include "weir/retrieval/term_scores.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {

/// A byte range [begin, end) of a passage's text whose term the query has.
struct Match {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Match&, const Match&) = default;
};

/// Why a passage was found.
struct FoundBy {
  std::vector<std::string> words;  ///< of its text and path that the question has, in small letters
  bool name = false;               ///< what it defines is called by words of the question
  bool meaning = false;            ///< its file is nearer in meaning than most that were compared

  friend bool operator==(const FoundBy&, const FoundBy&) = default;
};

struct Hit {
  Passage passage;
  std::uint32_t pack = 0;  ///< its place among the packs that were asked
  std::uint32_t score =
      0;  ///< for ranking within one answer; an integer, so that every build agrees
  std::vector<Match> matches;  ///< ascending, apart from one another
  std::string symbol;          ///< a name that is defined in the passage; may be empty
  FoundBy found_by;
};

struct Query {
  std::string text;
  std::size_t limit = 10;            ///< at most limits::Pack::hits
  std::vector<std::string> include;  ///< globs; where there are any, only files they match
  std::vector<std::string> exclude;  ///< globs
  std::string prefer_path;           ///< a file the asker is looking at; may be empty
  /// Of the text, in the spaces of packs that carry embeddings; a pack without one of its own space
  /// is compared by the table of words.
  std::vector<QuestionEmbedding> embeddings;
};

/// By what passages are compared with a question in meaning.
enum class MeaningBy : std::uint8_t {
  none,      ///< by nothing: words alone
  built_in,  ///< the table of words
  provider,  ///< for one pack at least, the model that its embeddings are of
};
std::string_view name(MeaningBy by);

/// A chunk that stands for its file.
struct ScoredChunk {
  std::uint32_t pack = 0;
  std::uint32_t chunk = 0;
  std::uint32_t rank = 0;  ///< among the chunks of its file, from 0
  std::int64_t score = 0;
  bool near = false;  ///< its file, in meaning
};

/// One question to some packs, of which not all bytes may be here (ByteStore):
///
///   Search search(packs, words, query);
///   while (!*(done = search.run())) bring what the stores of the packs and of the words want;
///   use(search.hits());
///
/// Each step of it asks for everything that it wants at once, and is done once.
class Search {
 public:
  /// Packs and table must outlive the search.
  Search(std::vector<const Pack*> packs, const WordTable& words, Query query,
         const limits::Pack& limits = {});

  /// Goes on as far as it can; true: there are hits. Fails with invalid_request where the query is
  /// too long, with pack_damaged where the bytes are not as they were written.
  Result<bool> run();

  /// The passages of all packs that answer the query best, best first, equal ones in the order of
  /// the pack. The first three of each file come before any file's fourth, so that one long file
  /// cannot fill the list; those that follow each other in their file are one. Scores of different
  /// packs can be compared.
  std::vector<Hit>& hits() { return hits_; }

  /// Once there are hits.
  MeaningBy meaning() const;

 private:
  Result<bool> look_up();
  Result<bool> filter();
  Result<bool> score();
  Result<bool> rank();
  Result<bool> read_hits();
  QuestionMeaning question() const { return {words_, *direction_, query_.embeddings}; }

  std::vector<const Pack*> packs_;
  const WordTable& words_;
  Query query_;
  std::size_t limit_;
  limits::Pack limits_;
  QueryTerms terms_;

  // What the steps brought; empty until they are done.
  std::optional<std::vector<FoundTerms>> found_;
  std::optional<Vector> direction_;
  std::optional<std::vector<FileFilter>> filters_;
  std::optional<std::vector<TermScores>> scores_;
  std::optional<std::vector<ScoredChunk>> chosen_;
  std::vector<Hit> hits_;
  bool done_ = false;
};

/// The same in one go, of packs that are wholly here.
Result<std::vector<Hit>> search(std::span<const Pack* const> packs, const Query& query,
                                const limits::Pack& limits = {});
Result<std::vector<Hit>> search(const Pack& pack, const Query& query,
                                const limits::Pack& limits = {});

}  // namespace weir::retrieval
