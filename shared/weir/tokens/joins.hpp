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

  bool separate(Token left, Token right) const {
    const Edges& l = edges_[left];
    const Edges& r = edges_[right];
    const std::uint32_t before = bit(r.first);
    const std::uint32_t after = bit(l.last);
    if (!(l.own_before & before) || !(r.own_after & after)) {
      if (!(l.inner_before & before) && !(r.inner_after & after)) return true;
    } else if (merged({left, right}) != no_token) {
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
    std::uint8_t first = 0;  ///< the token's first byte
    std::uint8_t last = 0;   ///< its last one
  };

  static std::uint32_t bit(std::uint8_t byte) { return 1U << (byte % 32); }

  void index_pairs();
  static std::uint64_t hash_of(Pair pair) {
    return (std::uint64_t{pair.left} << 32 | pair.right) * 0x9E3779B97F4A7C15ULL;
  }
  std::size_t slot_of(Pair pair, std::uint64_t hash) const;
  Token merged(Pair pair) const {
    const std::uint64_t hash = hash_of(pair);
    const auto bit = static_cast<std::size_t>(hash >> filter_shift_);
    if (!(filter_[bit / 64] >> (bit % 64) & 1)) return no_token;
    return slots_[slot_of(pair, hash)];
  }
  bool any_inner_join(Token left, Token right) const;

  std::vector<Edges> edges_;
  std::vector<Pair> pairs_;
  std::vector<Token> slots_;           ///< a hash table: the token of each pair, or no_token
  std::vector<std::uint64_t> filter_;  ///< a bit for the hash of each pair: most have no token
  unsigned filter_shift_ = 0;
};

}  // namespace weir::tokens
