#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/tokens/encoding_name.hpp"

namespace weir::tokens {

using Token = std::uint32_t;

/// No token has this number.
inline constexpr Token no_token = 0xFFFFFFFF;

/// The tokens of an encoding and their bytes. A token's number is its rank: of two possible merges
/// the one whose token has the lower number goes first. Never changes after load().
class Vocabulary {
 public:
  /// Reads the layout of VOCABULARY.md and copies what it needs. Errors: `pack_unsupported` for
  /// what is no vocabulary, another version or an unknown encoding, `pack_damaged` for changed
  /// bytes.
  static Result<Vocabulary> load(Bytes file);

  EncodingName name() const { return name_; }
  std::size_t size() const { return offsets_.size() - 1; }

  /// The token with exactly these bytes, or no_token.
  Token find(std::string_view bytes) const;
  Token find_byte(std::uint8_t byte) const { return of_byte_[byte]; }
  Token find_two(std::uint8_t first, std::uint8_t second) const {
    return of_two_bytes_[static_cast<std::size_t>(first) << 8 | second];
  }

  std::string_view bytes(Token token) const {
    return {bytes_.data() + offsets_[token], offsets_[token + 1] - offsets_[token]};
  }

 private:
  Vocabulary() = default;
  Result<void> read_bytes(Bytes body, std::uint32_t count);
  Result<void> index();
  bool insert(Token token);

  EncodingName name_ = EncodingName::cl100k_base;
  std::size_t longest_ = 1;             ///< bytes of a token, at most
  std::vector<char> bytes_;             ///< of all tokens, one after another
  std::vector<std::uint32_t> offsets_;  ///< where each token's bytes begin, and the end
  std::vector<std::uint32_t> slots_;    ///< the hash table that find() explains
  std::vector<Token> of_two_bytes_;
  std::array<Token, 256> of_byte_{};
};

}  // namespace weir::tokens
