#include "weir/tokens/split.hpp"

#include <algorithm>
#include <cstdint>

#include "weir/text/unicode.hpp"
#include "weir/text/utf8.hpp"

// The patterns, OpenAI's as tiktoken publishes them (openai_public.py); each alternative is tried
// in its order.
//
// cl100k_base:
//   (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n]*
//   | \s*[\r\n]+ | \s+(?!\S) | \s+
// o200k_base, with CONTRACTION for (?i:'s|'t|'re|'ve|'m|'ll|'d):
//   [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+CONTRACTION? |
//   [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*CONTRACTION? |
//   \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n/]* | \s*[\r\n]+ | \s+(?!\S) | \s+
//
// qwen3, as its tokenizer.json has it, is cl100k_base's but for single digits: \p{N} alone.
//
// A function that fails to match because the text ends leaves the rest of the text to an
// alternative that runs to the text's end, so that piece is unsettled: no failure needs a note of
// its own.
namespace weir::tokens {
namespace {

using text::caseless;
using text::letter;
using text::lower;
using text::mark;
using text::number;
using text::space;
using text::upper;

struct Char {
  std::uint8_t properties;
  std::uint32_t length;
};

Char wide_char_at(std::string_view text, std::size_t at) {
  const text::Decoded decoded = text::decode_valid(text, at);
  return {text::properties(decoded.code_point), decoded.length};
}

/// Inline, and short for ASCII, which source text mostly is.
inline Char char_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<std::uint8_t>(text[at]);
  return byte < 0x80 ? Char{text::properties(byte), 1} : wide_char_at(text, at);
}

bool is_at(std::string_view text, std::size_t at, unsigned any_of) {
  return at < text.size() && (char_at(text, at).properties & any_of);
}

/// Decodes in the loop: these are the runs of words, ideographs among them.
std::size_t skip_all(std::string_view text, std::size_t at, unsigned any_of) {
  while (at < text.size()) {
    const text::Decoded c = text::decode_valid(text, at);
    if (!text::has(c.code_point, any_of)) break;
    at += c.length;
  }
  return at;
}

std::size_t skip_others(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Char c = char_at(text, at);
    if (c.properties & (space | letter | number)) break;
    at += c.length;
  }
  return at;
}

bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

/// What may stand before a word as part of it: [^\r\n\p{L}\p{N}].
bool may_lead(char first_byte, Char c) {
  return !(c.properties & (letter | number)) && !is_line_end(first_byte);
}

struct Contraction {
  std::size_t length;  ///< 0: there is none
  bool settled;
};

/// (?i:'s|'t|'re|'ve|'m|'ll|'d) at a place inside the text or at its end. Case folding gives `s` a
/// third form, U+017F.
Contraction contraction_at(std::string_view text, std::size_t at) {
  const auto lowered = [&](std::size_t i) {
    const char c = text[at + i];
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  const std::size_t left = text.size() - at;
  if (left == 0) return {0, false};
  if (text[at] != '\'') return {0, true};
  if (left == 1) return {0, false};
  switch (lowered(1)) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return {2, true};
    case 'r':
    case 'v':
    case 'l':
      if (left == 2) return {0, false};
      return {lowered(2) == (lowered(1) == 'l' ? 'l' : 'e') ? 3U : 0U, true};
    default:
      return {text.substr(at + 1, 2) == "\xC5\xBF" ? 3U : 0U, true};
  }
}

constexpr int openai_digits = 3;
constexpr int qwen_digits = 1;

/// \p{N}{1,most}
Piece digits(std::string_view text, std::size_t at, int most) {
  std::size_t end = at;
  for (int taken = 0; taken < most; ++taken) {
    if (end == text.size()) return {end, false};
    const Char c = char_at(text, end);
    if (!(c.properties & number)) break;
    end += c.length;
  }
  return {end, true};
}

/// The rest of ` ?[^\s\p{L}\p{N}]+[\r\n]*` from its second part on; o200k_base also takes slashes
/// at the end.
Piece others(std::string_view text, std::size_t at, bool and_slashes, Scan& scan) {
  std::size_t end = std::max(at, scan.reached);
  if (!scan.second_part) {
    end = skip_others(text, end);
    scan.second_part = end < text.size();
  }
  while (end < text.size() && (is_line_end(text[end]) || (and_slashes && text[end] == '/'))) ++end;
  scan.reached = end;
  return {end, end < text.size()};
}

std::size_t begin_of_last(std::string_view text, std::size_t end) {
  do --end;
  while ((static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80);
  return end;
}

/// \s*[\r\n]+ | \s+(?!\S) | \s+ : up to the last line end if there is one; else everything but the
/// last space, which belongs to what follows, unless nothing follows or there is no other.
Piece spaces(std::string_view text, std::size_t at, Scan& scan) {
  std::size_t end = std::max(at, scan.reached);
  while (end < text.size()) {
    const Char c = char_at(text, end);
    if (!(c.properties & space)) break;
    end += c.length;
    if (is_line_end(text[end - c.length])) scan.nearer_end = end;
  }
  scan.reached = end;
  const bool settled = end < text.size();
  if (scan.nearer_end > at) return {scan.nearer_end, settled};
  const std::size_t last = begin_of_last(text, end);
  if (!settled || last == at) return {end, settled};
  return {last, true};
}

/// What both patterns end with: neither a word nor digits begin at `at`.
Piece others_or_spaces(std::string_view text, std::size_t at, Char first, bool and_slashes,
                       Scan& scan) {
  if (!(first.properties & space)) return others(text, at, and_slashes, scan);
  if (text[at] == ' ' && at + 1 < text.size() &&
      !(char_at(text, at + 1).properties & (space | letter | number))) {
    return others(text, at + 1, and_slashes, scan);
  }
  return spaces(text, at, scan);
}

Piece cl100k_piece(std::string_view text, std::size_t at, int most_digits, Scan& scan) {
  if (const Contraction found = contraction_at(text, at); found.length > 0) {
    return {at + found.length, true};
  }
  const Char first = char_at(text, at);
  if (first.properties & number) return digits(text, at, most_digits);
  const std::size_t word = may_lead(text[at], first) ? at + first.length : at;
  if (!is_at(text, word, letter)) return others_or_spaces(text, at, first, false, scan);
  scan.reached = skip_all(text, std::max(word, scan.reached), letter);
  return {scan.reached, scan.reached < text.size()};
}

/// The two word patterns of o200k_base from their second part on, at a letter or a mark, where one
/// of them always matches.
///
/// The first, upper* lower+, takes the whole run of upper-case, caseless and mark characters and
/// needs one more that is lower-case. Without one it gives back the run's tail until a caseless or
/// mark character, which both classes hold, can stand for `lower+`. Where the run has none, the
/// second pattern, upper+ lower*, takes the run as it is.
Piece o200k_word(std::string_view text, std::size_t at, Scan& scan) {
  std::size_t end = std::max(at, scan.reached);
  Char next{};
  while (!scan.second_part && end < text.size()) {
    next = char_at(text, end);
    if (!(next.properties & (upper | caseless | mark))) break;
    end += next.length;
    if (next.properties & (caseless | mark)) scan.nearer_end = end;
  }
  scan.second_part = scan.second_part || (end < text.size() && (next.properties & lower));
  if (scan.second_part) end = skip_all(text, end, lower | caseless | mark);
  scan.reached = end;
  const std::size_t stop = !scan.second_part && scan.nearer_end > at ? scan.nearer_end : end;
  const Contraction found = contraction_at(text, stop);
  return {stop + found.length, found.settled && end < text.size()};
}

Piece o200k_piece(std::string_view text, std::size_t at, Scan& scan) {
  const Char first = char_at(text, at);
  if (first.properties & number) return digits(text, at, openai_digits);
  // A mark may lead a word, but is one by itself as well, and then reaches the same end or a nearer
  // one that the first pattern prefers.
  const bool leads = may_lead(text[at], first) && !(first.properties & mark);
  const std::size_t word = leads ? at + first.length : at;
  if (is_at(text, word, letter | mark)) return o200k_word(text, word, scan);
  return others_or_spaces(text, at, first, true, scan);
}

}  // namespace

Piece next_piece(EncodingName encoding, std::string_view text, std::size_t at) {
  Scan scan;
  return next_piece(encoding, text, at, scan);
}

Piece next_piece(EncodingName encoding, std::string_view text, std::size_t at, Scan& scan) {
  if (encoding == EncodingName::o200k_base) return o200k_piece(text, at, scan);
  const bool qwen = encoding == EncodingName::qwen3;
  return cl100k_piece(text, at, qwen ? qwen_digits : openai_digits, scan);
}

}  // namespace weir::tokens
