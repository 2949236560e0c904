#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/bm25f.hpp"
#include "weir/retrieval/file_terms.hpp"
#include "weir/retrieval/postings.hpp"

namespace weir::retrieval {

/// From files with their terms to terms with their chunks and files, weighted as BM25F says. The
/// terms are taken some at a time: that many postings are held, not all.
class Inverter {
 public:
  /// `files`, in the order of the pack, as pack_terms() made them, and `kinds`, one for each term,
  /// must outlive the inverter. Reads all files once, to count.
  Inverter(std::span<const std::vector<std::uint8_t>* const> files,
           std::span<const TermKind> kinds);

  /// In how many chunks each term stands.
  std::span<const std::uint32_t> chunk_counts() const { return chunk_counts_; }

  /// Reads all files again and collects the postings of these terms.
  void invert(std::span<const std::uint32_t> terms);

  /// Those of one of the terms that were collected last, told by its place among them. `files` of
  /// it stays empty.
  void postings(std::size_t place, Postings& out) const;

 private:
  using FieldSums = std::array<std::uint64_t, bm25f::field_count>;

  /// By field, parts and wholes apart: how many terms there are, or what one is worth.
  struct Sums {
    FieldSums part{};
    FieldSums whole{};
  };

  /// The documents of one kind, chunks or whole files.
  struct Level {
    const bm25f::Level* weights = nullptr;
    std::uint64_t documents = 0;
    Sums totals;
  };

  /// The terms of a document, met one field after another.
  struct Pending {
    bm25f::Fixed tf = 0;
    bool met = false;
    bool defines = false;
  };

  /// Postings of the terms at hand, of one level, behind one another.
  struct Collected {
    std::vector<std::size_t> begins;  ///< of each term, and one behind the last
    std::vector<std::size_t> next;
    std::vector<std::uint8_t> strengths;  ///< the upper bit: defines
  };

  void count();
  FieldSums& field(Sums& sums, std::uint32_t term) const;
  void add_lengths(Sums& sums, std::span<const Occurrence> text) const;
  void add_path_lengths(Sums& sums, std::span<const PathOccurrence> path) const;
  Sums worth(const Level& level, const Sums& lengths) const;
  void collect(const Level& level, std::span<const Occurrence> text,
               std::span<const PathOccurrence> path, Collected& out, std::uint32_t document);
  void begin(Collected& collected, std::span<const std::uint32_t> terms,
             std::span<const std::uint32_t> counts);

  std::span<const std::vector<std::uint8_t>* const> files_;
  std::span<const TermKind> kinds_;
  Level chunks_, whole_files_;
  std::vector<std::uint32_t> chunk_counts_, file_counts_;  ///< by term

  std::vector<std::uint32_t> place_;  ///< by term: 1 + its place among the terms at hand
  Collected of_chunks_, of_files_;
  std::vector<std::uint32_t> chunk_numbers_;  ///< beside of_chunks_.strengths
  std::vector<Pending> pending_;              ///< by place
  std::vector<std::uint32_t> touched_;
};

}  // namespace weir::retrieval
