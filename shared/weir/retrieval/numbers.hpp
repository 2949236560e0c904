#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "weir/base/bytes.hpp"

/// Numbers of variable length (FORMAT.md): seven bits a byte, the lowest first, the eighth bit set
/// where more follow.
namespace weir::retrieval {

inline void append_number(std::vector<std::uint8_t>& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

/// All at once: a range of characters is inserted one by one.
inline void append_bytes(std::vector<std::uint8_t>& out, Bytes bytes) {
  const std::size_t at = out.size();
  out.resize(at + bytes.size());
  if (!bytes.empty()) std::memcpy(&out[at], bytes.data(), bytes.size());
}

/// Reads front to back what may be anything. Once something does not fit, all else reads as 0 and
/// empty, and ok() is false.
class NumberReader {
 public:
  explicit NumberReader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      if (at_ == bytes_.size()) break;
      const std::uint8_t byte = bytes_[at_++];
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    return fail();
  }

  /// One that must be at most `most`.
  std::uint32_t number(std::uint32_t most) {
    const std::uint64_t value = number();
    return static_cast<std::uint32_t>(value <= most ? value : fail());
  }

  Bytes take(std::uint64_t size) {
    if (size > bytes_.size() - at_) return fail(), Bytes{};
    const Bytes taken = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += taken.size();
    return taken;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::uint64_t fail() {
    ok_ = false;
    at_ = bytes_.size();
    return 0;
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace weir::retrieval
