#include "weir/deflate/huffman.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace weir::deflate {
namespace {

constexpr std::size_t symbols_most = 288;
constexpr unsigned bits_most = 15;

/// How many codes there are of each length; any depth of the tree is below the number of symbols.
using Counts = std::array<std::uint32_t, symbols_most>;

struct Leaf {
  std::uint32_t frequency;
  std::uint16_t symbol;
};

/// Of Huffman's tree over leaves of ascending frequency: how many lie at each depth.
Counts depths_of(std::span<const Leaf> leaves) {
  // Leaves, then inner nodes in the order in which they are made: their weights ascend as well, so
  // that the two lightest are always at the front of either.
  std::array<std::uint32_t, 2 * symbols_most> weight;
  std::array<std::uint16_t, 2 * symbols_most> parent;
  const std::size_t count = leaves.size(), nodes = 2 * count - 1;
  for (std::size_t i = 0; i < count; ++i) weight[i] = leaves[i].frequency;
  std::size_t leaf = 0, inner = count;
  for (std::size_t made = count; made < nodes; ++made) {
    weight[made] = 0;
    for (int child = 0; child < 2; ++child) {
      const bool takes_leaf = leaf < count && (inner == made || weight[leaf] <= weight[inner]);
      const std::size_t taken = takes_leaf ? leaf++ : inner++;
      weight[made] += weight[taken];
      parent[taken] = static_cast<std::uint16_t>(made);
    }
  }
  Counts counts{};
  std::array<std::uint16_t, 2 * symbols_most> depth;
  depth[nodes - 1] = 0;
  for (std::size_t i = nodes - 1; i-- > 0;) {
    depth[i] = static_cast<std::uint16_t>(depth[parent[i]] + 1);
    if (i < count) ++counts[depth[i]];
  }
  return counts;
}

/// Shortens codes that are too long, and lengthens others as little as makes up for it.
void limit(Counts& counts, unsigned length_most) {
  // In units of the share that a code of the greatest length takes.
  std::uint64_t taken = 0;
  for (std::size_t length = 1; length < counts.size(); ++length) {
    const std::size_t kept = std::min<std::size_t>(length, length_most);
    if (length > kept) counts[kept] += counts[length];
    taken += std::uint64_t{counts[length]} << (length_most - kept);
    if (length > kept) counts[length] = 0;
  }
  for (; taken > std::uint64_t{1} << length_most; --taken) {
    // One of the longest becomes the brother of a shorter one, which goes a level down.
    std::size_t length = length_most - 1;
    while (counts[length] == 0) --length;
    --counts[length_most];
    --counts[length];
    counts[length + 1] += 2;
  }
}

std::uint16_t reversed(std::uint32_t bits, unsigned length) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < length; ++i, bits >>= 1) out = out << 1 | (bits & 1);
  return static_cast<std::uint16_t>(out);
}

}  // namespace

void assign_lengths(std::span<const std::uint32_t> frequencies, unsigned length_most,
                    std::span<Code> codes) {
  std::fill(codes.begin(), codes.end(), Code{});
  std::array<Leaf, symbols_most> all;
  std::size_t count = 0;
  for (std::size_t symbol = 0; symbol < frequencies.size(); ++symbol) {
    if (frequencies[symbol] > 0)
      all[count++] = {frequencies[symbol], static_cast<std::uint16_t>(symbol)};
  }
  const std::span<Leaf> leaves = std::span(all).first(count);
  if (count == 0) return;
  if (count == 1) {
    codes[leaves[0].symbol].length = 1;
    return;
  }
  std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) {
    return a.frequency != b.frequency ? a.frequency < b.frequency : a.symbol < b.symbol;
  });
  Counts counts = depths_of(leaves);
  limit(counts, length_most);
  std::size_t at = 0;
  for (unsigned length = length_most; length > 0; --length) {
    for (std::uint32_t left = counts[length]; left > 0; --left)
      codes[leaves[at++].symbol].length = static_cast<std::uint8_t>(length);
  }
}

void assign_bits(std::span<Code> codes) {
  // At first, how many codes there are of the length before; then the next code of each length.
  std::array<std::uint32_t, bits_most + 2> next{};
  for (const Code& code : codes) {
    if (code.length > 0) ++next[code.length + 1U];
  }
  for (std::size_t length = 1; length < next.size(); ++length)
    next[length] = 2 * (next[length - 1] + next[length]);
  for (Code& code : codes) {
    if (code.length > 0) code.bits = reversed(next[code.length]++, code.length);
  }
}

}  // namespace weir::deflate
