#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace weir::bench {

/// Counts values in buckets that are at most 1/64 of the value wide: percentiles are exact to 1.6 %
/// however many values there are, and adding one costs a few instructions.
class Histogram {
 public:
  void add(std::int64_t value) {
    ++buckets_[bucket(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)))];
    ++count_;
  }

  std::uint64_t count() const { return count_; }

  /// The value that a share `part` (0 to 1) of all values does not pass; 0 without values.
  std::int64_t percentile(double part) const {
    if (count_ == 0) return 0;
    const auto rank = static_cast<std::uint64_t>(part * static_cast<double>(count_ - 1));
    std::uint64_t seen = 0;
    std::size_t at = 0;
    while ((seen += buckets_[at]) <= rank) ++at;
    return static_cast<std::int64_t>(middle(at));
  }

 private:
  static constexpr std::size_t steps = 64;  ///< buckets of each power of two

  static std::size_t bucket(std::uint64_t value) {
    if (value < steps) return static_cast<std::size_t>(value);
    const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 7;
    return shift * steps + static_cast<std::size_t>(value >> shift);
  }

  static std::uint64_t middle(std::size_t bucket) {
    if (bucket < 2 * steps) return bucket;
    const std::size_t shift = bucket / steps - 1;
    return ((bucket - shift * steps) << shift) + ((std::uint64_t{1} << shift) / 2);
  }

  std::array<std::uint64_t, 58 * steps> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace weir::bench
