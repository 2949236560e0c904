#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/tokens/encoding_name.hpp"
#include "weir/tokens/joins.hpp"
#include "weir/tokens/normalizer.hpp"
#include "weir/tokens/token.hpp"
#include "weir/tokens/token_bytes.hpp"
#include "weir/tokens/token_index.hpp"

namespace weir::tokens {

/// The tokens of an encoding, and the three questions that encoding asks about them. Never changes
/// after load().
class Vocabulary {
 public:
  /// Reads the layout of VOCABULARY.md and copies what it needs. Errors: `pack_unsupported` for
  /// what is no vocabulary, another version or an unknown encoding, `pack_damaged` for changed
  /// bytes.
  static Result<std::unique_ptr<const Vocabulary>> load(Bytes file);

  EncodingName name() const { return name_; }
  std::size_t size() const { return bytes_.size(); }
  /// What a text has to go through before it is counted; of most encodings nothing.
  const Normalizer& normalizer() const { return normalizer_; }
  std::string_view bytes(Token token) const { return bytes_[token]; }
  std::size_t length(Token token) const { return bytes_.length(token); }

  /// The token with exactly these bytes, or no_token. It is found sooner if it is known that more
  /// than the key can be read: at least readable_bytes from its beginning.
  Token find(std::string_view bytes) const { return find(bytes, bytes.size()); }
  Token find(std::string_view bytes, std::size_t readable) const {
    return index_.find(bytes_, bytes, readable);
  }
  static constexpr std::size_t readable_bytes = TokenIndex::readable_bytes;

  /// The tokens that a text, which is not empty, begins with.
  TokenIndex::Prefixes prefixes(const char* text, std::size_t size, std::size_t readable) const {
    return {index_, bytes_, text, size, readable};
  }

  /// Whether the bytes of both together are encoded to these two tokens.
  bool separate(Token left, Token right) const;
  bool separate(Token left, Token right, Joins::Boundary boundary) const {
    return joins_.separate(left, right, boundary);
  }

 private:
  explicit Vocabulary(EncodingName name) : name_(name) {}
  Result<void> build(Bytes body, std::uint32_t count);

  EncodingName name_;
  TokenBytes bytes_;
  TokenIndex index_;
  Joins joins_;
  Normalizer normalizer_;
};

}  // namespace weir::tokens
