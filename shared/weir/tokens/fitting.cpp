#include <algorithm>
#include <string>
#include <vector>

#include "weir/text/utf8.hpp"
#include "weir/tokens/bpe.hpp"
#include "weir/tokens/encoding.hpp"
#include "weir/tokens/split.hpp"

// How much of a text fits: Encoding::fitting_prefix.
namespace weir::tokens {
namespace {

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

std::size_t Encoding::fitting_prefix(std::string_view text, std::size_t most) const {
  std::string storage;
  const std::string_view whole = prepared(text, storage);
  // A token has at least one byte, so this needs no counting.
  if (whole.size() <= most) return text.size();
  for (std::size_t wanted = most;; --wanted) {
    const std::size_t fitting = fitting_prepared_prefix(whole, wanted);
    if (whole.data() == text.data()) return fitting;
    // Where normalising joined what the cut would divide, less is left, which seldom is more
    // tokens.
    const std::size_t cut = offset_before_preparing(text, fitting);
    if (count(text.substr(0, cut)) <= most) return cut;
  }
}

/// The offset in `text` that corresponds to one in what is prepared of it; an earlier one where
/// nothing corresponds.
std::size_t Encoding::offset_before_preparing(std::string_view text,
                                              std::size_t prepared_offset) const {
  std::string storage;
  const std::string_view valid = text::repaired(text, storage);
  const std::size_t offset = vocabulary_->normalizer().offset_before(valid, prepared_offset);
  return valid.data() == text.data() ? offset : offset_before_repair(text, offset);
}

/// Cut where a piece ends, a text keeps its pieces up to there, so their tokens add up. The same
/// holds for a cut after a line end inside a piece: its beginning is then a piece by itself.
std::size_t Encoding::fitting_prepared_prefix(std::string_view text, std::size_t most) const {
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
    for (std::size_t i = 0; i < keep; ++i) bytes += vocabulary_->length(tokens[i]);
    const std::size_t cut = text::utf8_floor(piece, bytes);
    if (encode_prepared(piece.substr(0, cut), nullptr) <= most) return cut;
  }
  return 0;
}

}  // namespace weir::tokens
