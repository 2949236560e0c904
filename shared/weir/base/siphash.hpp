#pragma once

#include <cstdint>

#include "weir/base/bytes.hpp"
#include "weir/base/id128.hpp"

namespace weir {

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const Hash128&, const Hash128&) = default;
};

/// SipHash-2-4 with 128 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012):
/// nobody who does not know the key can make two inputs that have the same.
Hash128 siphash(const Id128& key, Bytes bytes);

}  // namespace weir
