#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/retrieval/query_terms.hpp"

/// Which words of a chunk belong together: the names that it defines, and which words stand side by
/// side (FORMAT.md, section `phrases`). A question that has the words of `read_header`, or has two
/// words together as the text has them, fits better than words that stand somewhere.
namespace weir::retrieval {

/// Names: slots of 16 bits, the hash of a part in the lower 15, and the highest set where it is the
/// last of its name. Slots that are 0 are left over.
constexpr std::size_t name_slots = 16;

/// Neighbours: a Bloom filter (Bloom, 1970) of four hashes a pair. A chunk has some 90 pairs: one
/// in 12 that it does not have seems to be there, which a ranking can bear (TRIED.md).
constexpr std::size_t neighbour_bits = 512;

constexpr std::size_t phrase_code_bytes = 2 * name_slots + neighbour_bits / 8;
using PhraseCode = std::array<std::uint8_t, phrase_code_bytes>;

/// A term as phrases are made of.
struct PhrasePart {
  enum class Role : std::uint8_t {
    none,       ///< a whole: its parts are there as well
    of_names,   ///< says too little to be a neighbour: those around it are side by side
    neighbour,  ///< of names as well
  };

  std::uint32_t hash = 0;  ///< CRC-32 of the stemmed part
  Role role = Role::none;

  bool is_part() const { return role != Role::none; }
  bool is_neighbour() const { return role == Role::neighbour; }
};

/// Single letters, numbers and words that say little are no neighbours.
PhrasePart phrase_part(std::string_view stemmed);

/// Takes the parts of a chunk in their order, and the names that are defined there.
class PhraseCoder {
 public:
  void begin();
  void add_part(const PhrasePart& part) {
    if (!part.is_neighbour()) return;
    if (has_before_ && before_ != part.hash) add_neighbours(before_, part.hash);
    before_ = part.hash;
    has_before_ = true;
  }
  /// Parts that stand in the name twice count once. One for which there is no room is left out.
  void add_name(std::span<const PhrasePart> parts);

  const PhraseCode& code() const { return code_; }

 private:
  void add_neighbours(std::uint32_t left, std::uint32_t right);

  PhraseCode code_{};
  std::size_t slots_ = 0;
  bool has_before_ = false;
  std::uint32_t before_ = 0;
  std::vector<std::uint16_t> name_;
};

/// How well a chunk's phrases fit a question, in millionths.
struct PhraseFit {
  std::int64_t name = 0;        ///< how much of the question the best name is, times how far all of
                                ///< the name's parts are in the question
  std::int64_t neighbours = 0;  ///< how much of the question's neighbours stand side by side
};

/// A question, to be compared with chunks.
class AskedPhrases {
 public:
  /// `worths`: what each term is worth to the ranking.
  AskedPhrases(const QueryTerms& terms, std::span<const std::uint64_t> worths);

  /// `code` as PhraseCoder made it; any bytes are one.
  PhraseFit fit(Bytes code) const;

 private:
  struct Part {
    std::uint16_t hash;
    std::uint64_t worth;
  };
  struct Neighbours {
    std::uint64_t key;
    std::uint64_t worth;
  };

  std::uint64_t worth_of(std::uint16_t hash) const;
  std::int64_t best_name(Bytes code) const;

  std::vector<Part> parts_;             ///< by hash
  std::vector<Neighbours> neighbours_;  ///< by key, each once
  std::uint64_t parts_worth_ = 0, neighbours_worth_ = 0;
};

}  // namespace weir::retrieval
