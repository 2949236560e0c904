#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/retrieval/bm25f.hpp"
#include "weir/retrieval/file_terms.hpp"
#include "weir/retrieval/postings.hpp"
#include "weir/retrieval/workers.hpp"

namespace weir::retrieval {

/// A file as the inverter reads it: its terms by their numbers in the dictionary.
struct InvertedFile {
  std::span<const std::uint32_t> terms;
  Bytes occurrences;
  std::uint32_t chunks = 0;
};

/// The postings of a stretch of terms.
class InvertedTerms {
 public:
  /// Of one of its terms.
  PostingsView postings(std::uint32_t term) const;

 private:
  friend class Inverter;
  friend class Collector;

  /// Of one level, those of a term behind those of the term before.
  struct Level {
    std::vector<std::size_t> begins;  ///< of each term, and one behind the last
    std::vector<std::uint8_t> strengths;
  };

  std::uint32_t first_ = 0;
  Level chunks_, files_;
  std::vector<std::uint32_t> chunk_numbers_;  ///< beside chunks_.strengths
  std::vector<std::uint8_t> defines_;         ///< beside files_.strengths
};

/// From files with their terms to terms with their chunks and files, weighted as BM25F says. The
/// terms are taken a stretch at a time: that many postings are held, not all.
class Inverter {
 public:
  /// Reads all files once, to count. `files`, in the order of the pack, must outlive the inverter;
  /// terms below `first_whole` are parts. Nothing where a file's occurrences are damaged.
  static std::optional<Inverter> over(std::span<const InvertedFile> files, std::uint32_t terms,
                                      std::uint32_t first_whole, const Workers& workers);

  /// In how many chunks each term stands.
  std::span<const std::uint32_t> chunk_counts() const { return counts_.chunks; }

  /// Reads all files again, each worker its own, and collects the postings of these terms, from
  /// `first` to before `end`.
  InvertedTerms invert(std::uint32_t first, std::uint32_t end, const Workers& workers) const;

 private:
  friend class Collector;

  /// By kind (part, whole) and field: how many terms there are, or what one is worth.
  using FieldSums = std::array<std::uint64_t, bm25f::field_count>;
  using Sums = std::array<FieldSums, 2>;

  /// What the whole pack has.
  struct Counts {
    std::vector<std::uint32_t> chunks, files;  ///< that each term stands in
    std::uint64_t chunk_total = 0, file_total = 0;
    Sums chunk_lengths{}, file_lengths{};
    bool sound = true;

    void count(const Inverter& inverter, std::span<const InvertedFile> files);
    void add(const Counts& other);
  };

  /// Files that follow one another, and what was counted in them.
  struct Part {
    std::span<const InvertedFile> files;
    Counts counts;
  };

  Inverter(std::span<const InvertedFile> files, std::uint32_t first_whole)
      : files_(files), first_whole_(first_whole) {}

  void cut_parts(std::size_t count);

  std::size_t kind_of(std::uint32_t term) const { return term < first_whole_ ? 0 : 1; }
  void add_lengths(Sums& sums, const InvertedFile& file, std::span<const Occurrence> text) const;
  Sums path_lengths(const InvertedFile& file, std::span<const PathOccurrence> path) const;

  std::span<const InvertedFile> files_;
  std::uint32_t first_whole_;
  Counts counts_;
  std::vector<Part> parts_;  ///< of about as many occurrences each
};

}  // namespace weir::retrieval
