#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/id128.hpp"
#include "weir/retrieval/analysed_file.hpp"
#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/chunker.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/retrieval/file_terms.hpp"
#include "weir/retrieval/phrase_code.hpp"
#include "weir/retrieval/text_words.hpp"
#include "weir/retrieval/vocabulary.hpp"

namespace weir::retrieval {

class ForwardIndex;

/// How it is seen which files have changed.
struct Tracking {
  std::optional<Id128> key;               ///< that contents are hashed with; none: they are not
  const ForwardIndex* earlier = nullptr;  ///< what it has of the same content is not analysed again
};

/// Converts, splits and analyses files, one after another. Analysts share nothing that changes, so
/// that each thread may have one of its own.
class FileAnalyst {
 public:
  /// `table` must be whole. Both must outlive the analyst, and the analyst the files that it made.
  FileAnalyst(const WordTable& table, const Tracking& tracking)
      : table_(table), tracking_(tracking) {}
  FileAnalyst(const FileAnalyst&) = delete;
  FileAnalyst& operator=(const FileAnalyst&) = delete;

  /// `stamp` as in Origin.
  AnalysedFile analyse(std::string_view path, Bytes content, std::uint64_t stamp = 0);

  /// A file that is known to be unchanged by its stamp, unread.
  std::optional<AnalysedFile> unchanged(std::string_view path, std::uint64_t stamp) const;

 private:
  AnalysedFile analyse_anew(std::string_view path, Bytes content);
  void begin_file();
  std::uint32_t place_of(std::uint32_t term);
  Occurrence& occurrence(std::uint32_t place);
  template <class Count>
  void each_term(std::string_view text, Count&& count);
  void count_path(std::string_view path);
  void count_chunk(std::string_view text, std::span<const std::string_view> names);
  void find_rows();
  void find_parts();
  const PhrasePart& part(std::uint32_t term) {
    if (term >= parts_.size()) find_parts();
    return parts_[term];
  }
  std::vector<std::uint8_t> directions() const;

  const WordTable& table_;
  const Tracking& tracking_;
  std::optional<TextWords> words_;  ///< the table, unpacked for the first file
  Vocabulary vocabulary_;
  std::vector<std::uint32_t> rows_;  ///< of the vocabulary's terms, in `words_`
  std::vector<PhrasePart> parts_;    ///< of the vocabulary's terms
  Analyzer analyzer_;

  // Of the file at hand.
  std::vector<std::uint32_t> terms_;
  FileOccurrences occurrences_;
  PhraseCoder coder_;
  std::vector<std::uint8_t> phrases_;
  std::vector<PhrasePart> name_;

  // What is left there of other files and chunks is told by what it leads to.
  std::vector<std::uint32_t> place_of_;     ///< by term
  std::vector<std::size_t> occurrence_of_;  ///< by place
};

}  // namespace weir::retrieval
