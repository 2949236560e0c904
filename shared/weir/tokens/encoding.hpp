#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/tokens/encoding_name.hpp"
#include "weir/tokens/vocabulary.hpp"

namespace weir::tokens {

/// An encoding's tokens of a text, exactly those of tiktoken's encode_ordinary (of qwen3, those of
/// the text in Normalization Form C): names of special tokens are plain text. Bytes that are no
/// UTF-8 count as the U+FFFD that text/utf8.hpp puts in their place. Nothing takes more than O(n
/// log n) time, whatever the text. Never changes after load(), so many may read it at once.
class Encoding {
 public:
  /// Reads a file in the layout of VOCABULARY.md and copies what it needs; errors as in
  /// Vocabulary::load.
  static Result<Encoding> load(Bytes vocabulary);

  EncodingName name() const { return vocabulary_->name(); }
  const Vocabulary& vocabulary() const { return *vocabulary_; }

  std::size_t count(std::string_view text) const;

  /// Appends the text's tokens.
  void encode(std::string_view text, std::vector<Token>& out) const;

  /// How many bytes, from the text's beginning, are at most `most` tokens by themselves: the whole
  /// text where it fits; else up to the last line end that fits, or, where no whole line does, as
  /// much as can be cut off between words or, failing that, between code points.
  std::size_t fitting_prefix(std::string_view text, std::size_t most) const;

 private:
  explicit Encoding(std::unique_ptr<const Vocabulary> vocabulary)
      : vocabulary_(std::move(vocabulary)) {}
  std::string_view prepared(std::string_view text, std::string& storage) const;
  std::size_t offset_before_preparing(std::string_view text, std::size_t prepared_offset) const;
  std::size_t encode_prepared(std::string_view text, std::vector<Token>* out) const;
  template <EncodingName pattern>
  std::size_t encode_as(std::string_view text, std::vector<Token>* out) const;
  std::size_t fitting_prepared_prefix(std::string_view text, std::size_t most) const;
  std::size_t fitting_within_piece(std::string_view piece, std::size_t most) const;

  std::unique_ptr<const Vocabulary> vocabulary_;
};

}  // namespace weir::tokens
