// The client's machine under any order of inputs, sensible or not: it never breaks a promise to its
// host (support/transport_walk.hpp traps where it does), and after an hour everything has ended.
#include <cstddef>
#include <cstdint>

#include "support/transport_walk.hpp"

namespace {

/// Numbers out of the fuzzer's bytes; zeros when they are used up.
struct ByteDraw {
  const std::uint8_t* at;
  const std::uint8_t* end;

  std::uint32_t operator()(std::uint32_t bound) {
    std::uint32_t value = 0;
    for (std::uint32_t range = 1; range < bound && range < (1U << 24); range <<= 8) {
      value = value << 8 | (at == end ? 0 : *at++);
    }
    return bound == 0 ? 0 : value % bound;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteDraw draw{data, data + size};
  weir::transport::TransportWalk walk;
  while (draw.at != draw.end) walk.step(draw);
  walk.finish();
  return 0;
}
