#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "weir/base/bytes.hpp"

namespace weir::retrieval {

/// Bytes that are its own, or that lie elsewhere and outlive it.
class HeldBytes {
 public:
  HeldBytes() = default;
  HeldBytes(std::vector<std::uint8_t> own) : own_(std::move(own)), view_(own_) {}  // NOLINT
  explicit HeldBytes(Bytes elsewhere) : view_(elsewhere) {}
  HeldBytes(HeldBytes&&) = default;  // a vector that is moved keeps its place
  HeldBytes& operator=(HeldBytes&&) = default;

  operator Bytes() const { return view_; }  // NOLINT
  std::size_t size() const { return view_.size(); }

 private:
  std::vector<std::uint8_t> own_;
  Bytes view_;
};

}  // namespace weir::retrieval
