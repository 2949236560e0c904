#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/retrieval/analyzer.hpp"

/// BM25F (Robertson, Zaragoza, Taylor, "Simple BM25 Extension to Multiple Weighted Fields", 2004):
///
///   tf'   = sum over fields of weight * tf / (1 - b + b * length / average length)
///   score = sum over the query's terms of idf * tf' * (k1 + 1) / (tf' + k1)
///   idf   = ln(1 + (N - df + 1/2) / (df + 1/2))
///
/// All but idf does not depend on the query: it is worked out when the index is made, and stored in
/// a few bits, the strength. All of it is integer arithmetic, so that compilers and processors
/// agree to the bit.
namespace weir::retrieval::bm25f {

/// What text is counted in. Parts and wholes of a field have lengths and weights of their own.
enum class Field : std::uint8_t { body, path, file_name, names };
constexpr std::size_t field_count = 4;

struct FieldWeight {
  std::uint32_t weight = 0;   ///< in the sum; 0: not counted
  std::uint32_t percent = 0;  ///< b in hundredths: how far length counts against a match
};

/// The weights of one level: chunks, or whole files.
struct Level {
  std::array<FieldWeight, field_count> part;
  std::array<FieldWeight, field_count> whole;

  const FieldWeight& of(TermKind kind, std::size_t field) const {
    return kind == TermKind::part ? part[field] : whole[field];
  }
};

constexpr Level chunk_level = {{{{1, 80}, {6, 50}, {2, 50}, {3, 60}}},
                               {{{1, 30}, {6, 50}, {0, 0}, {8, 20}}}};
constexpr Level file_level = {{{{1, 75}, {4, 75}, {0, 0}, {2, 75}}},
                              {{{1, 75}, {4, 75}, {0, 0}, {2, 75}}}};

constexpr std::uint32_t k1 = 4;

/// Numbers with 16 bits behind the point.
using Fixed = std::uint64_t;
constexpr Fixed one = 1 << 16;

/// The natural logarithm of n >= 1.
Fixed natural_log(std::uint64_t n);

/// What one occurrence in a field of `length` terms adds to tf', where all `documents` together
/// have `total` terms in that field.
Fixed occurrence_weight(const FieldWeight& field, std::uint64_t length, std::uint64_t total,
                        std::uint64_t documents);

Fixed idf(std::uint64_t documents, std::uint64_t documents_with_term);

/// tf' / (tf' + k1), of which 1 is strength_most (postings.hpp), rounded.
std::uint32_t strength(Fixed tf);

/// What a strength adds to a score is in units of 1/score_scale.
constexpr std::uint32_t score_scale = 256;

/// The summand.
std::uint32_t summand(Fixed idf_of_term, std::uint32_t strength);

/// That of full strength and an idf of 1.
constexpr std::uint32_t full_summand = (k1 + 1) * score_scale;

}  // namespace weir::retrieval::bm25f
