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
  void put(std::uint32_t value, unsigned count) {
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

  std::uint32_t get(unsigned count) {
    if (held_count_ < count) fill();
    const auto value = static_cast<std::uint32_t>(held_ & ((std::uint64_t{1} << count) - 1));
    held_ >>= count;
    if (count > held_count_) {
      ok_ = false;
      held_count_ = count;
    }
    held_count_ -= count;
    return value;
  }

  bool ok() const { return ok_; }
  /// Nothing is left but what fills the last byte up.
  bool at_end() const { return at_ == bytes_.size() && held_count_ < 8; }

 private:
  void fill() {
    while (held_count_ <= 56 && at_ < bytes_.size()) {
      held_ |= std::uint64_t{bytes_[at_++]} << held_count_;
      held_count_ += 8;
    }
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  std::uint64_t held_ = 0;
  unsigned held_count_ = 0;
  bool ok_ = true;
};

}  // namespace weir::retrieval
