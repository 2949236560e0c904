#include "weir/base/siphash.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace weir {
namespace {

struct State {
  std::uint64_t v0, v1, v2, v3;

  void rounds(int count) {
    for (; count > 0; --count) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  std::uint64_t all() const { return v0 ^ v1 ^ v2 ^ v3; }
};

}  // namespace

Hash128 siphash(const Id128& key, Bytes bytes) {
  const auto k0 = load_little_endian<std::uint64_t>(&key.bytes[0]);
  const auto k1 = load_little_endian<std::uint64_t>(&key.bytes[8]);
  State state{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261,
              k1 ^ 0x7465646279746573};
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8)
    state.take(load_little_endian<std::uint64_t>(bytes.data() + at));
  std::uint64_t last = std::uint64_t{bytes.size()} << 56;
  for (unsigned shift = 0; at < bytes.size(); ++at, shift += 8)
    last |= std::uint64_t{bytes[at]} << shift;
  state.take(last);
  state.v2 ^= 0xee;
  state.rounds(4);
  const std::uint64_t low = state.all();
  state.v1 ^= 0xdd;
  state.rounds(4);
  return {low, state.all()};
}

}  // namespace weir
