#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/text/unicode.hpp"
#include "weir/text/utf8.hpp"
#include "weir/tokens/vocabulary.hpp"

/// The encodings once more, so simply that they are right by inspection: the patterns as a small
/// backtracking matcher over code points, the merges by looking at every pair each time. The oracle
/// for the fast encoder; quadratic and worse, for short texts only.
namespace weir::tokens::slow {

using Text = std::u32string;
using At = std::optional<std::size_t>;  ///< where a match ends, if there is one

inline bool is(char32_t c, unsigned any_of) {
  return text::has(c, any_of);
}
inline bool line_end(char32_t c) {
  return c == U'\r' || c == U'\n';
}
inline bool lead(char32_t c) {
  return !line_end(c) && !is(c, text::letter | text::number);
}
inline bool other(char32_t c) {
  return !is(c, text::space | text::letter | text::number);
}
inline bool upperish(char32_t c) {
  return is(c, text::upper | text::caseless | text::mark);
}
inline bool lowerish(char32_t c) {
  return is(c, text::lower | text::caseless | text::mark);
}

/// Class{least,most}, greedy, followed by `rest`: tries the longest first.
template <class Class, class Rest>
At repeat(const Text& text, std::size_t at, Class in_class, std::size_t least, std::size_t most,
          Rest rest) {
  std::size_t taken = 0;
  while (taken < most && at + taken < text.size() && in_class(text[at + taken])) ++taken;
  for (; taken + 1 > least; --taken) {
    if (const At end = rest(at + taken)) return end;
    if (taken == 0) break;
  }
  return std::nullopt;
}

inline constexpr std::size_t any = static_cast<std::size_t>(-1);
inline At done(std::size_t at) {
  return at;
}

inline At contraction(const Text& text, std::size_t at) {
  for (const std::u32string_view form : {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"}) {
    if (text.size() - at < form.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < form.size(); ++i) {
      char32_t c = text[at + i];
      if (c == 0x17F) c = U's';
      same = same && text::to_lower(c) == form[i];
    }
    if (same) return at + form.size();
  }
  return std::nullopt;
}

inline At spaces(const Text& text, std::size_t at) {
  const auto space = [](char32_t c) { return is(c, text::space); };
  const auto line_ends = [&](std::size_t p) { return repeat(text, p, line_end, 1, any, done); };
  if (const At end = repeat(text, at, space, 0, any, line_ends)) return end;
  const auto no_text = [&](std::size_t p) {
    return p == text.size() || space(text[p]) ? At(p) : std::nullopt;
  };
  if (const At end = repeat(text, at, space, 1, any, no_text)) return end;
  return repeat(text, at, space, 1, any, done);
}

inline At digits(const Text& text, std::size_t at, std::size_t most) {
  return repeat(
      text, at, [](char32_t c) { return is(c, text::number); }, 1, most, done);
}

inline At others(const Text& text, std::size_t at, bool slashes) {
  const auto ends = [&](std::size_t p) {
    return repeat(
        text, p, [&](char32_t c) { return line_end(c) || (slashes && c == U'/'); }, 0, any, done);
  };
  const auto run = [&](std::size_t p) { return repeat(text, p, other, 1, any, ends); };
  return repeat(
      text, at, [](char32_t c) { return c == U' '; }, 0, 1, run);
}

inline At cl100k(const Text& text, std::size_t at, std::size_t most_digits) {
  if (const At end = contraction(text, at)) return end;
  const auto letters = [&](std::size_t p) {
    return repeat(
        text, p, [](char32_t c) { return is(c, text::letter); }, 1, any, done);
  };
  if (const At end = repeat(text, at, lead, 0, 1, letters)) return end;
  if (const At end = digits(text, at, most_digits)) return end;
  if (const At end = others(text, at, false)) return end;
  return spaces(text, at);
}

inline At o200k(const Text& text, std::size_t at) {
  const auto tail = [&](std::size_t p) -> At {
    const At end = contraction(text, p);
    return end ? end : At(p);
  };
  for (const bool needs_lower : {true, false}) {
    const auto lowers = [&](std::size_t p) {
      return repeat(text, p, lowerish, needs_lower ? 1 : 0, any, tail);
    };
    const auto word = [&](std::size_t p) {
      return repeat(text, p, upperish, needs_lower ? 0 : 1, any, lowers);
    };
    if (const At end = repeat(text, at, lead, 0, 1, word)) return end;
  }
  if (const At end = digits(text, at, 3)) return end;
  if (const At end = others(text, at, true)) return end;
  return spaces(text, at);
}

inline At piece_end(EncodingName encoding, const Text& text, std::size_t at) {
  if (encoding == EncodingName::o200k_base) return o200k(text, at);
  return cl100k(text, at, encoding == EncodingName::qwen3 ? 1 : 3);
}

/// Normalization Form C as the annex words it: all decomposed, neighbours swapped until the marks
/// are in order, and each code point looked at with the last starter before it.
inline Text normalized(const Normalizer& normalizer, const Text& text) {
  if (normalizer.changes_nothing()) return text;
  std::vector<char32_t> decomposed;
  for (const char32_t c : text) normalizer.decompose(decomposed, c);
  Text parts(decomposed.begin(), decomposed.end());
  const auto order = [&](std::size_t at) { return normalizer.order(parts[at]); };
  for (bool swapped = true; swapped;) {
    swapped = false;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (order(i) == 0 || order(i - 1) <= order(i)) continue;
      std::swap(parts[i - 1], parts[i]);
      swapped = true;
    }
  }
  for (std::size_t i = 1; i < parts.size();) {
    std::size_t starter = i - 1;
    bool blocked = false;
    while (starter > 0 && order(starter) != 0) {
      blocked = blocked || order(starter) >= order(i);
      --starter;
    }
    blocked = blocked || order(starter) != 0;
    const char32_t whole = blocked ? 0 : normalizer.composite(parts[starter], parts[i]);
    if (whole == 0) {
      ++i;
      continue;
    }
    parts[starter] = whole;
    parts.erase(i, 1);
  }
  return parts;
}

inline void merge(const Vocabulary& vocabulary, const std::string& piece, std::vector<Token>& out) {
  std::vector<std::string> parts;
  for (const char c : piece) parts.emplace_back(1, c);
  while (true) {
    Token lowest = no_token;
    std::size_t where = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const Token joined = vocabulary.find(parts[i] + parts[i + 1]);
      if (joined < lowest) {
        lowest = joined;
        where = i;
      }
    }
    if (lowest == no_token) break;
    parts[where] += parts[where + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
  }
  for (const std::string& part : parts) out.push_back(vocabulary.find(part));
}

inline std::vector<Token> encode(const Vocabulary& vocabulary, std::string_view bytes) {
  Text text;
  for (std::size_t at = 0; at < bytes.size();) {
    const text::Decoded decoded = text::decode(bytes, at);
    text.push_back(decoded.code_point);
    at += decoded.length;
  }
  text = normalized(vocabulary.normalizer(), text);
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const At end = piece_end(vocabulary.name(), text, at);
    if (!end || *end == at) __builtin_trap();
    std::string piece;
    for (; at < *end; ++at) text::append_utf8(piece, text[at]);
    merge(vocabulary, piece, tokens);
  }
  return tokens;
}

}  // namespace weir::tokens::slow
