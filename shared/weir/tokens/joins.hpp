#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/tokens/token.hpp"
#include "weir/tokens/token_bytes.hpp"

namespace weir::tokens {

/// Which tokens may stand beside each other: whether `left` then `right` is what the bytes of both
/// are encoded to.
///
/// Why pairs decide: a sequence of tokens is the encoding of its bytes if, and only if, each two
/// neighbours are the encoding of theirs. (Look at the first merge across a boundary: all merges
/// before it happened inside the tokens beside the boundary, just as they would if these two stood
/// alone; so it would happen there too.)
///
/// How a pair is decided: let r0 = left, r1 the right half of r0, and so on to a byte: all that
/// ends at the boundary on the way to `left`. Likewise l0 = right, l1 the left half of l0. Some ri
/// and lj merge across the boundary if the token m of both exists and comes before what would take
/// ri away, the merge to r(i-1), and before that to l(j-1); of equals the left one comes first, so
/// m < r(i-1) and m <= l(j-1).
class Joins {
 public:
  /// False if some token's own pair does not stand up to its merges: then the theorem does not
  /// hold.
  bool build(const TokenBytes& bytes, std::vector<Pair> pairs);

  /// The tokens that a token is merged from; it is none of the single bytes.
  Pair pair(Token token) const { return pairs_[token]; }

  /// What the asker knows of the place where two tokens meet.
  struct Boundary {
    char last;   ///< the last byte of the left one
    char first;  ///< the first byte of the right one
    /// False if no token is both together: so it is where the left one is the longest token that
    /// the text there begins with.
    bool may_merge = true;
  };

  [[gnu::always_inline]] bool separate(Token left, Token right, Boundary boundary) const {
    const Edges& l = edges_[left];
    const Edges& r = edges_[right];
    const std::uint32_t before = bit(boundary.first);
    const std::uint32_t after = bit(boundary.last);
    if (!(l.own_before & before) || !(r.own_after & after)) {
      if (!(l.inner_before & before) && !(r.inner_after & after)) return true;
    } else if (boundary.may_merge && merged(left, right) != no_token) {
      return false;
    }
    const bool inner_left = l.inner_before & before && (r.own_after | r.inner_after) & after;
    const bool inner_right = l.own_before & before && r.inner_after & after;
    return !(inner_left || inner_right) || !any_inner_join(left, right);
  }

 private:
  /// Sets of bytes, folded to 32 bits, which settle nearly all pairs at a glance: the first bytes
  /// of what may follow a token and merge with it or its parts, the last bytes of what may precede
  /// it. They tell of the token itself (r0, l0), which merges with whatever it can, and of the
  /// others, which merge only before they are taken away.
  struct Edges {
    std::uint32_t own_before = 0;
    std::uint32_t inner_before = 0;
    std::uint32_t own_after = 0;
    std::uint32_t inner_after = 0;
  };

  static std::uint32_t bit(char byte) { return 1U << (static_cast<std::uint8_t>(byte) % 32); }

  void index_pairs();
  static std::uint64_t hash_of(std::uint64_t key) { return key * 0x9E3779B97F4A7C15ULL; }

  // A slot is a pair and the token of both, in one number: to compare them takes one look.
  static constexpr unsigned token_bits = 18;
  static constexpr std::uint64_t empty_slot = ~std::uint64_t{0};
  static std::uint64_t key_of(Token left, Token right) {
    return std::uint64_t{left} << token_bits | right;
  }
  static Token token_of(std::uint64_t slot) {
    return static_cast<Token>(slot & ((1U << token_bits) - 1));
  }

  Token merged(Token left, Token right) const {
    const std::uint64_t key = key_of(left, right);
    const std::uint64_t hash = hash_of(key);
    const auto bit = static_cast<std::size_t>(hash >> filter_shift_);
    if (!(filter_[bit / 64] >> (bit % 64) & 1)) return no_token;
    for (std::size_t at = home(hash); slots_[at] != empty_slot; at = after(at)) {
      if (slots_[at] >> token_bits == key) return token_of(slots_[at]);
    }
    return no_token;
  }
  std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>(((hash >> 32) * slots_.size()) >> 32);
  }
  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }
  bool any_inner_join(Token left, Token right) const;

  std::vector<Edges> edges_;
  std::vector<Pair> pairs_;
  std::vector<std::uint64_t> slots_;   ///< a hash table
  std::vector<std::uint64_t> filter_;  ///< a bit for the hash of each pair: most have no token
  unsigned filter_shift_ = 0;
};

}  // namespace weir::tokens
