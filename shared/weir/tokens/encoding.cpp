#include "weir/tokens/encoding.hpp"

#include <algorithm>
#include <string>

#include "weir/text/utf8.hpp"
#include "weir/tokens/ascii_words.hpp"
#include "weir/tokens/bpe.hpp"
#include "weir/tokens/split.hpp"

namespace weir::tokens {
namespace {

constexpr std::size_t fast_bytes = std::max(ascii_word_reads_bytes, Vocabulary::readable_bytes);

/// The text itself, or a repaired copy of it in `storage` where it is no UTF-8.
std::string_view repaired(std::string_view text, std::string& storage) {
  if (text::is_valid_utf8(text)) return text;
  text::append_replaced(storage, text);
  return storage;
}

/// The offset in `text` that corresponds to one in its repaired copy. The offset is a boundary of
/// code points.
std::size_t offset_before_repair(std::string_view text, std::size_t repaired_offset) {
  constexpr std::size_t replacement_bytes = 3;
  std::size_t at = 0;
  for (std::size_t reached = 0; reached < repaired_offset;) {
    const text::Decoded decoded = text::decode(text, at);
    at += decoded.length;
    reached += decoded.valid ? decoded.length : replacement_bytes;
  }
  return at;
}

}  // namespace

Result<Encoding> Encoding::load(Bytes bytes) {
  Result<std::unique_ptr<const Vocabulary>> vocabulary = Vocabulary::load(bytes);
  if (!vocabulary) return vocabulary.error();
  return Encoding(std::move(*vocabulary));
}

std::size_t Encoding::count(std::string_view text) const {
  std::string storage;
  return encode_valid(repaired(text, storage), nullptr);
}

void Encoding::encode(std::string_view text, std::vector<Token>& out) const {
  std::string storage;
  encode_valid(repaired(text, storage), &out);
}

std::size_t Encoding::encode_valid(std::string_view text, std::vector<Token>* out) const {
  return name() == EncodingName::cl100k_base ? encode_as<EncodingName::cl100k_base>(text, out)
                                             : encode_as<EncodingName::o200k_base>(text, out);
}

template <EncodingName encoding>
std::size_t Encoding::encode_as(std::string_view text, std::vector<Token>* out) const {
  std::size_t count = 0;
  std::size_t at = 0;
  // Up to here what is read beyond a piece is still text.
  const std::size_t readable = text.size() - std::min(text.size(), fast_bytes);
  while (at < readable) {
    std::size_t end = ascii_word_end(encoding, text, at);
    if (end == 0) end = next_piece(encoding, text, at).end;
    const std::string_view piece = std::string_view(text.data() + at, end - at);
    const Token whole = vocabulary_->find(piece, text.size() - at);
    if (whole == no_token) {
      count += encode_several(*vocabulary_, piece, text.size() - at, out);
    } else {
      if (out) out->push_back(whole);
      ++count;
    }
    at = end;
  }
  while (at < text.size()) {
    const std::size_t end = next_piece(encoding, text, at).end;
    count += encode_piece(*vocabulary_, std::string_view(text.data() + at, end - at), out);
    at = end;
  }
  return count;
}

std::size_t Encoding::fitting_prefix(std::string_view text, std::size_t most) const {
  // A token has at least one byte, so this needs no counting.
  if (text.size() <= most && text::is_valid_utf8(text)) return text.size();
  std::string storage;
  const std::string_view valid = repaired(text, storage);
  const std::size_t fitting = fitting_valid_prefix(valid, most);
  return valid.data() == text.data() ? fitting : offset_before_repair(text, fitting);
}

/// Cut where a piece ends, a text keeps its pieces up to there, so their tokens add up. The same
/// holds for a cut after a line end inside a piece: its beginning is then a piece by itself.
std::size_t Encoding::fitting_valid_prefix(std::string_view text, std::size_t most) const {
  std::size_t used = 0;
  std::size_t after_piece = 0;
  std::size_t after_line = 0;
  while (after_piece < text.size()) {
    const std::size_t at = after_piece;
    const std::size_t end = next_piece(name(), text, at).end;
    const std::string_view piece = std::string_view(text.data() + at, end - at);
    const std::size_t whole = encode_piece(*vocabulary_, piece, nullptr);
    const std::size_t line = piece.rfind('\n') + 1;
    if (line > 0 && line < piece.size()) {
      const std::size_t part = encode_piece(*vocabulary_, piece.substr(0, line), nullptr);
      if (used + part <= most) after_line = at + line;
    }
    if (used + whole > most) break;
    used += whole;
    after_piece = end;
    if (line == piece.size()) after_line = end;
  }
  if (after_piece == text.size()) return text.size();
  if (after_line > 0) return after_line;
  if (after_piece > 0) return after_piece;
  return fitting_within_piece(text.substr(0, next_piece(name(), text, 0).end), most);
}

/// Part of a piece may have more tokens than its share of the whole, so each cut is counted anew;
/// halving the steps back bounds how often.
std::size_t Encoding::fitting_within_piece(std::string_view piece, std::size_t most) const {
  std::vector<Token> tokens;
  encode_piece(*vocabulary_, piece, &tokens);
  for (std::size_t keep = std::min(most, tokens.size()); keep > 0;
       keep -= std::min(keep, (most - keep) + 1)) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < keep; ++i) bytes += vocabulary_->bytes(tokens[i]).size();
    const std::size_t cut = text::utf8_floor(piece, bytes);
    if (encode_valid(piece.substr(0, cut), nullptr) <= most) return cut;
  }
  return 0;
}

}  // namespace weir::tokens
