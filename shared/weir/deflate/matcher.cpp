#include "weir/deflate/matcher.hpp"

#include <algorithm>
#include <bit>

namespace weir::deflate {
namespace {

constexpr unsigned hash_bits = 13;

// With these, packs are as large as with zlib's level 4. More effort than this takes twice the time
// for a fiftieth of the size.

/// So many places are looked at for a match.
constexpr int depth_most = 4;
/// Beyond a match of this length no longer one is looked for.
constexpr std::uint32_t long_enough = 16;
/// A match of this length is taken as it is; whether the next byte begins a longer one is not
/// asked.
constexpr std::uint32_t taken_at_once = 8;

std::uint32_t hash(std::uint32_t four_bytes) {
  return four_bytes * 0x9E3779B1U >> (32 - hash_bits);
}

/// How many bytes are the same from two places on.
std::uint32_t common(const std::uint8_t* a, const std::uint8_t* b, std::uint32_t most) {
  std::uint32_t length = 0;
  for (; length + 8 <= most; length += 8) {
    const std::uint64_t differ = load_little_endian<std::uint64_t>(a + length) ^
                                 load_little_endian<std::uint64_t>(b + length);
    if (differ != 0) return length + static_cast<std::uint32_t>(std::countr_zero(differ)) / 8;
  }
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

}  // namespace

Matcher::Matcher() : latest_(std::size_t{1} << hash_bits), earlier_(bytes_most + 1) {}

std::uint32_t Matcher::four_bytes(std::size_t at) const {
  return load_little_endian<std::uint32_t>(input_.data() + at);
}

/// Puts a place down; the latest earlier one with the same hash, counted from 1.
std::uint32_t Matcher::insert(std::size_t at) {
  std::uint16_t& latest = latest_[hash(four_bytes(at))];
  const std::uint16_t candidate = latest;
  latest = static_cast<std::uint16_t>(at + 1);
  earlier_[at + 1] = candidate;
  return candidate;
}

Matcher::Match Matcher::longest(std::size_t at, std::uint32_t candidate,
                                std::uint32_t better_than) const {
  const auto most =
      static_cast<std::uint32_t>(std::min<std::size_t>(match_most, input_.size() - at));
  Match best{better_than, 0};
  for (int depth = 0; depth < depth_most && best.length < most && candidate > 0; ++depth) {
    const std::size_t from = candidate - 1;
    if (at - from > distance_most) break;
    // To be longer, it has to have the byte behind, and the three before it.
    if (four_bytes(from + best.length - 3) == four_bytes(at + best.length - 3)) {
      const std::uint32_t length = common(&input_[from], &input_[at], most);
      if (length > best.length) best = {length, static_cast<std::uint32_t>(at - from)};
      if (length >= long_enough) break;
    }
    candidate = earlier_[candidate];
  }
  return best.distance == 0 ? Match{} : best;
}

void Matcher::tell(Bytes input, std::vector<Token>& out) {
  input_ = input;
  std::fill(latest_.begin(), latest_.end(), 0);
  out.clear();
  // It begins a byte before `at`, and waits to see whether the next one is longer. It reaches
  // beyond `at`: where one is held, the input is not at its end.
  Match held;
  for (std::size_t at = 0; at < input.size();) {
    Match found;
    if (can_begin(at)) {
      const std::uint32_t candidate = insert(at);
      if (candidate > 0 && held.length < taken_at_once)
        found = longest(at, candidate, std::max(held.length, match_least - 1));
    }
    if (found.length > 0) {
      if (held.length > 0) out.push_back({0, input[at - 1]});
      held = found;
      ++at;
    } else if (held.length > 0) {
      out.push_back(
          {static_cast<std::uint16_t>(held.length), static_cast<std::uint16_t>(held.distance - 1)});
      const std::size_t end = at - 1 + held.length;
      for (++at; at < end; ++at) {
        if (can_begin(at)) insert(at);
      }
      held = {};
    } else {
      out.push_back({0, input[at++]});
    }
  }
}

}  // namespace weir::deflate
