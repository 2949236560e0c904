#include "weir/tokens/joins.hpp"

namespace weir::tokens {
namespace {

constexpr std::size_t slots_per_two_pairs = 3;
constexpr std::size_t filter_bits_per_pair = 8;

}  // namespace

/// In the order of the numbers, so that what has been seen so far are the merges that come before.
bool Joins::build(const TokenBytes& bytes, std::vector<Pair> pairs) {
  pairs_ = std::move(pairs);
  index_pairs();
  edges_.assign(bytes.size(), {});
  for (Token token = 0; token < bytes.size(); ++token) {
    Edges& edges = edges_[token];
    if (token < first_merged) continue;
    Edges& left = edges_[pairs_[token].left];
    Edges& right = edges_[pairs_[token].right];
    edges.inner_before = right.own_before | right.inner_before;
    const std::uint32_t before = bit(bytes[pairs_[token].right].front());
    const std::uint32_t after = bit(bytes[pairs_[token].left].back());
    left.own_before |= before;
    right.own_after |= after;
    edges.inner_after = left.own_after | left.inner_after;
    const bool doubtful = left.inner_before & before || right.inner_after & after;
    if (doubtful && any_inner_join(pairs_[token].left, pairs_[token].right)) return false;
  }
  return true;
}

void Joins::index_pairs() {
  slots_.assign(pairs_.size() * slots_per_two_pairs / 2, empty_slot);
  filter_shift_ = 64 - 6;
  std::size_t bits = 64;
  for (; bits < filter_bits_per_pair * pairs_.size(); bits *= 2) --filter_shift_;
  filter_.assign(bits / 64, 0);
  for (Token token = first_merged; token < pairs_.size(); ++token) {
    const std::uint64_t key = key_of(pairs_[token].left, pairs_[token].right);
    const std::uint64_t hash = hash_of(key);
    const auto bit = static_cast<std::size_t>(hash >> filter_shift_);
    filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    std::size_t slot = home(hash);
    while (slots_[slot] != empty_slot) slot = after(slot);
    slots_[slot] = key << token_bits | token;
  }
}

/// Whether parts of the two merge, not they themselves: undoes the merges to both, the last one
/// first, and looks at each state whether its two parts at the boundary would have merged before
/// what was undone.
bool Joins::any_inner_join(Token left, Token right) const {
  while (left >= first_merged || right >= first_merged) {
    Token before;
    if (left > right) {
      before = left;
      left = pairs_[left].right;
    } else {
      before = right + 1;
      right = pairs_[right].left;
    }
    if (merged(left, right) < before) return true;
  }
  return false;
}

}  // namespace weir::tokens
