#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "weir/base/bytes.hpp"

/// Numbers of a few bits, one behind the other, the lowest bit of a byte first.
namespace weir::retrieval {

class BitWriter {
 public:
  explicit BitWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  /// The lowest `count` bits, at most 32.
  [[gnu::always_inline]] void put(std::uint32_t value, unsigned count) {
    held_ |= std::uint64_t{value} << held_count_;
    held_count_ += count;
    if (held_count_ < 32) return;
    const std::size_t at = out_.size();
    out_.resize(at + 4);
    for (std::size_t i = 0; i < 4; ++i) out_[at + i] = static_cast<std::uint8_t>(held_ >> (8 * i));
    held_ >>= 32;
    held_count_ -= 32;
  }

  /// Fills the last byte up with zeros.
  void finish() {
    for (; held_count_ > 0; held_count_ -= std::min(held_count_, 8U), held_ >>= 8)
      out_.push_back(static_cast<std::uint8_t>(held_));
  }

 private:
  std::vector<std::uint8_t>& out_;
  std::uint64_t held_ = 0;
  unsigned held_count_ = 0;
};

/// Past the end there are zeros, and ok() is false.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  /// At most 32 bits.
  [[gnu::always_inline]] std::uint32_t get(unsigned count) {
    need(count);
    const std::uint32_t value = peek(count);
    skip(count);
    return value;
  }

  // The parts of that, for whoever reads several numbers at a time.

  /// Has at least so many bits looked at, 56 at most.
  [[gnu::always_inline]] void need(unsigned count) {
    if (held_count_ < count) fill();
  }
  /// The next bits, which must have been asked for; none is passed over.
  [[gnu::always_inline]] std::uint32_t peek(unsigned count) const {
    return static_cast<std::uint32_t>(held_ & ((std::uint64_t{1} << count) - 1));
  }
  [[gnu::always_inline]] void skip(unsigned count) {
    held_ >>= count;
    if (count > held_count_) {
      ok_ = false;
      held_count_ = count;
    }
    held_count_ -= count;
  }

  bool ok() const { return ok_; }
  /// Nothing is left but what fills the last byte up.
  bool at_end() const { return at_ == bytes_.size() && held_count_ < 8; }

 private:
  void fill() {
    if (bytes_.size() - at_ >= 8) {
      // All at once. What does not fit is read again: it is the same bits in the same place.
      held_ |= load_little_endian<std::uint64_t>(&bytes_[at_]) << held_count_;
      at_ += (63 - held_count_) / 8;
      held_count_ |= 56;
      return;
    }
    while (held_count_ <= 56 && at_ < bytes_.size()) {
      held_ |= std::uint64_t{bytes_[at_++]} << held_count_;
      held_count_ += 8;
    }
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  std::uint64_t held_ = 0;  ///< above held_count_ bits there may be more of the same, or zeros
  unsigned held_count_ = 0;
  bool ok_ = true;
};

}  // namespace weir::retrieval
