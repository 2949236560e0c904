#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/hash.hpp"
#include "weir/text/unicode.hpp"
#include "weir/text/utf8.hpp"

namespace weir::retrieval {

/// Parts and wholes never mix: `parse_url` as one name says more than `parse` and `url` somewhere.
enum class TermKind : std::uint8_t {
  part = 1,   ///< a word, a piece of a compound, or a bigram of CJK text
  whole = 2,  ///< a compound of several parts, joined: `parseUrl`, `parse_url` -> `parseurl`
};

/// One term as it stands in the text, lower-cased but not yet stemmed (see `stem`).
struct RawTerm {
  TermKind kind;
  std::string_view text;  ///< valid during the call only
  std::size_t begin;      ///< bytes of the analysed text
  std::size_t end;
};

constexpr std::size_t part_bytes_most = 40;
constexpr std::size_t whole_bytes_most = 60;

/// The term that a raw term is indexed and looked up as. Only ASCII words of more than two letters
/// change, by Porter's stemmer. Kept apart from the splitting because it costs more than all the
/// rest and depends on the word alone: the index builder does it once for each distinct word.
void stem(std::string& word);

/// The term of a raw term, in `out`.
inline void normalise(const RawTerm& raw, std::string& out) {
  out.assign(raw.text);
  if (raw.kind == TermKind::part) stem(out);
}

namespace detail {
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr std::array<bool, 256> word_characters = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 128; ++c) {
    const char at = static_cast<char>(c);
    table[c] = is_lower(at) || is_upper(at) || is_digit(at) || at == '_';
  }
  return table;
}();
constexpr bool is_word(char c) {
  return word_characters[static_cast<unsigned char>(c)];
}
constexpr char lower(char c) {
  return is_upper(c) ? static_cast<char>(c + 32) : c;
}

/// The end of the part that begins at `at`: `HTTPServer2` -> HTTP, Server, 2. `at` is no
/// underscore.
std::size_t part_end(std::string_view word, std::size_t at);
}  // namespace detail

/// Walks a text and hands each term to `visit(const RawTerm&)`, in the order of the text; a whole
/// comes after its parts. The same walk makes the index, reads the query and finds what to
/// highlight.
class Analyzer {
 public:
  template <class Visit>
  void analyze(std::string_view text, Visit&& visit) {
    analyze(
        text,
        [&](std::string_view word, std::uint64_t) {
          ascii_word(word, static_cast<std::size_t>(word.data() - text.data()), visit);
        },
        visit);
  }

  /// The same, with words of ASCII letters, digits and underscores left whole: these go to
  /// `word(std::string_view, std::uint64_t fnv1a)`, all other terms to `visit`. The terms of a word
  /// depend on nothing else, so that they may be looked up.
  template <class Word, class Visit>
  void analyze(std::string_view text, Word&& word, Visit&& visit) {
    std::size_t at = 0;
    while (at < text.size()) {
      const auto c = static_cast<unsigned char>(text[at]);
      if (detail::word_characters[c]) {
        const std::size_t begin = at;
        std::uint64_t hash = fnv1a_offset;
        while (at < text.size() && detail::is_word(text[at])) hash = fnv1a_step(hash, text[at++]);
        word(std::string_view(text.data() + begin, at - begin), hash);
      } else if (c < 0x80) {
        ++at;
      } else {
        at = other(text, at, visit);
      }
    }
  }

 private:
  /// `begin` is where the word begins in the text.
  template <class Visit>
  void ascii_word(std::string_view word, std::size_t begin, Visit& visit) {
    std::array<char, whole_bytes_most + 1> lowered;
    std::size_t parts = 0, joined = 0;
    for (std::size_t at = 0; at < word.size();) {
      if (word[at] == '_') {
        ++at;
        continue;
      }
      const std::size_t part = detail::part_end(word, at);
      for (std::size_t i = at; i < part && joined < lowered.size(); ++i) {
        lowered[joined++] = detail::lower(word[i]);
      }
      ++parts;
      visit_part(std::string_view(word.data() + at, part - at), begin + at, visit);
      at = part;
    }
    if (parts > 1 && joined <= whole_bytes_most) {
      visit(RawTerm{TermKind::whole, {lowered.data(), joined}, begin, begin + word.size()});
    }
  }

  template <class Visit>
  void visit_part(std::string_view part, std::size_t begin, Visit& visit) {
    if (part.size() > part_bytes_most) return;
    std::array<char, part_bytes_most> lowered;
    for (std::size_t i = 0; i < part.size(); ++i) lowered[i] = detail::lower(part[i]);
    visit(RawTerm{TermKind::part, {lowered.data(), part.size()}, begin, begin + part.size()});
  }

  /// A run of CJK, of other letters, or one character that is neither.
  template <class Visit>
  std::size_t other(std::string_view text, std::size_t at, Visit& visit) {
    const text::Decoded first = text::decode(text, at);
    if (!first.valid) return at + first.length;
    if (text::is_cjk(first.code_point)) return cjk_run(text, at, visit);
    if (text::is_letter(first.code_point)) return letter_run(text, at, visit);
    return at + first.length;
  }

  template <class Visit>
  std::size_t cjk_run(std::string_view text, std::size_t at, Visit& visit) {
    const std::size_t run = at;
    std::size_t previous = at;
    while (at < text.size()) {
      const text::Decoded decoded = text::decode(text, at);
      if (!decoded.valid || !text::is_cjk(decoded.code_point)) break;
      const std::size_t end = at + decoded.length;
      if (at != run)
        visit(RawTerm{TermKind::part, text.substr(previous, end - previous), previous, end});
      previous = at;
      at = end;
    }
    if (previous == run) visit(RawTerm{TermKind::part, text.substr(run, at - run), run, at});
    return at;
  }

  template <class Visit>
  std::size_t letter_run(std::string_view text, std::size_t at, Visit& visit) {
    const std::size_t run = at;
    run_.clear();
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
      const text::Decoded decoded = text::decode(text, at);
      const bool goes_on = text::has(decoded.code_point, text::letter | text::mark) &&
                           !text::is_cjk(decoded.code_point);
      if (!decoded.valid || !goes_on) break;
      text::append_utf8(run_, text::to_lower(decoded.code_point));
      at += decoded.length;
    }
    if (run_.size() <= 2 * part_bytes_most) visit(RawTerm{TermKind::part, run_, run, at});
    return at;
  }

  std::string run_;
};

}  // namespace weir::retrieval
