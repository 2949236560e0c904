#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "weir/tokens/token.hpp"

namespace weir::tokens {

/// The bytes of all tokens, one after another.
class TokenBytes {
 public:
  void reserve(std::size_t tokens, std::size_t bytes) {
    begins_.reserve(tokens + 1);
    bytes_.reserve(bytes);
  }

  void append(std::uint8_t byte) {
    bytes_.push_back(static_cast<char>(byte));
    end_token();
  }

  /// Appends a token of the bytes that two earlier ones have together.
  void append(Pair pair) {
    const std::size_t left = length(pair.left);
    const std::size_t right = length(pair.right);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + left + right);
    std::memcpy(bytes_.data() + at, bytes_.data() + begins_[pair.left], left);
    std::memcpy(bytes_.data() + at + left, bytes_.data() + begins_[pair.right], right);
    end_token();
  }

  std::size_t size() const { return begins_.size() - 1; }
  std::size_t length(Token token) const { return begins_[token + 1] - begins_[token]; }
  std::string_view operator[](Token token) const {
    return {bytes_.data() + begins_[token], length(token)};
  }

 private:
  void end_token() { begins_.push_back(static_cast<std::uint32_t>(bytes_.size())); }

  std::vector<char> bytes_;
  std::vector<std::uint32_t> begins_{0};  ///< where each token begins, and where the last one ends
};

}  // namespace weir::tokens
