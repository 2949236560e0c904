#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "weir/tokens/token.hpp"

namespace weir::tokens {

/// The bytes of all tokens, one after another. From each token's beginning at least
/// `readable_bytes` can be read, whatever they are.
class TokenBytes {
 public:
  static constexpr std::size_t readable_bytes = 16;

  void reserve(std::size_t tokens, std::size_t bytes) {
    begins_.reserve(tokens + 1);
    bytes_.reserve(bytes + readable_bytes);
  }

  void append(std::uint8_t byte) { *add(1) = static_cast<char>(byte); }

  /// Appends a token of the bytes that two earlier ones have together.
  void append(Pair pair) {
    const std::size_t left = length(pair.left);
    const std::size_t right = length(pair.right);
    char* const at = add(left + right);
    std::memcpy(at, bytes_.data() + begins_[pair.left], left);
    std::memcpy(at + left, bytes_.data() + begins_[pair.right], right);
  }

  std::size_t size() const { return begins_.size() - 1; }
  std::size_t length(Token token) const { return begins_[token + 1] - begins_[token]; }
  std::string_view operator[](Token token) const {
    return {bytes_.data() + begins_[token], length(token)};
  }

 private:
  /// Where a new token's bytes belong.
  char* add(std::size_t length) {
    const std::size_t at = begins_.back();
    bytes_.resize(at + length + readable_bytes);
    begins_.push_back(static_cast<std::uint32_t>(at + length));
    return bytes_.data() + at;
  }

  std::vector<char> bytes_;
  std::vector<std::uint32_t> begins_{0};  ///< where each token begins, and where the last one ends
};

}  // namespace weir::tokens
