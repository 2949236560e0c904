#include "weir/tokens/normalizer.hpp"

#include <algorithm>

#include "weir/text/unicode.hpp"

namespace weir::tokens {
namespace {

// Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
constexpr char32_t syllables = 0xAC00;
constexpr char32_t leading = 0x1100;
constexpr char32_t vowels = 0x1161;
constexpr char32_t trailing = 0x11A7;  // the one before the first
constexpr char32_t leading_count = 19;
constexpr char32_t vowel_count = 21;
constexpr char32_t trailing_count = 28;
constexpr char32_t syllable_count = leading_count * vowel_count * trailing_count;

// Below this none joins.
constexpr char32_t first_joining = 0x300;

// The longest decomposition has four code points; more steps are a forged table.
constexpr std::size_t most_steps = 4;

bool is_in(char32_t c, char32_t first, char32_t count) {
  return c >= first && c - first < count;
}

char32_t hangul_composite(char32_t first, char32_t second) {
  if (is_in(first, leading, leading_count) && is_in(second, vowels, vowel_count)) {
    return syllables + ((first - leading) * vowel_count + (second - vowels)) * trailing_count;
  }
  const bool open =
      is_in(first, syllables, syllable_count) && (first - syllables) % trailing_count == 0;
  return open && is_in(second, trailing + 1, trailing_count - 1) ? first + (second - trailing) : 0;
}

void decompose_hangul(Normalizer::CodePoints& out, char32_t syllable) {
  const char32_t index = syllable - syllables;
  out.push_back(leading + index / trailing_count / vowel_count);
  out.push_back(vowels + index / trailing_count % vowel_count);
  if (index % trailing_count > 0) out.push_back(trailing + index % trailing_count);
}

}  // namespace

/// The layout is in VOCABULARY.md.
bool Normalizer::load(Bytes tables) {
  constexpr std::size_t number_bytes = sizeof(std::uint32_t);
  constexpr std::size_t header = 3;
  if (tables.empty()) return true;
  if (tables.size() % number_bytes != 0 || tables.size() < header * number_bytes) return false;
  numbers_.assign(tables.size() / number_bytes, 0);
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    numbers_[i] = load_little_endian<std::uint32_t>(tables.data() + i * number_bytes);
    if (numbers_[i] > text::last_code_point) return false;
  }
  std::size_t begin = header;
  const auto next_table = [&](std::size_t index, std::size_t width, std::size_t keys) {
    const Table table{begin, numbers_[index], width, keys};
    begin += table.rows * width;
    return table;
  };
  decompositions_ = next_table(0, 3, 1);
  compositions_ = next_table(1, 3, 2);
  orders_ = next_table(2, 2, 1);
  if (begin != numbers_.size() || !is_in_order(decompositions_) || !is_in_order(compositions_) ||
      !is_in_order(orders_)) {
    return false;
  }
  note_joining();
  return true;
}

Normalizer::Key Normalizer::key(const Table& table, std::size_t row) const {
  const std::uint32_t* const numbers = numbers_.data() + table.begin + row * table.width;
  return {numbers[0], table.keys > 1 ? numbers[1] : 0};
}

bool Normalizer::is_in_order(const Table& table) const {
  for (std::size_t row = 1; row < table.rows; ++row) {
    if (key(table, row - 1) >= key(table, row)) return false;
  }
  return true;
}

/// The row with this key, or nullptr.
const std::uint32_t* Normalizer::find(const Table& table, Key wanted) const {
  std::size_t from = 0;
  std::size_t to = table.rows;
  while (from < to) {
    const std::size_t middle = (from + to) / 2;
    if (key(table, middle) < wanted) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  if (from == table.rows || key(table, from) != wanted) return nullptr;
  return numbers_.data() + table.begin + from * table.width;
}

void Normalizer::note_joining() {
  joins_.assign(text::last_code_point / 64 + 1, 0);
  for (std::size_t row = 0; row < orders_.rows; ++row) add_joining(key(orders_, row)[0]);
  for (std::size_t row = 0; row < compositions_.rows; ++row) {
    add_joining(key(compositions_, row)[1]);
  }
  for (char32_t i = 0; i < vowel_count; ++i) add_joining(vowels + i);
  for (char32_t i = 1; i < trailing_count; ++i) add_joining(trailing + i);
  // And what is not composed again, or begins with one that joins.
  for (std::size_t row = 0; row < decompositions_.rows; ++row) {
    const std::uint32_t* const parts = numbers_.data() + decompositions_.begin + row * 3;
    const std::uint32_t* const composed = find(compositions_, {parts[1], parts[2]});
    if (!composed || composed[2] != parts[0] || joins(parts[1])) add_joining(parts[0]);
  }
}

void Normalizer::add_joining(char32_t c) {
  joins_[c / 64] |= std::uint64_t{1} << (c % 64);
}

std::uint32_t Normalizer::order(char32_t c) const {
  if (!joins(c)) return 0;
  const std::uint32_t* const row = find(orders_, {c, 0});
  return row ? row[1] : 0;
}

void Normalizer::decompose(CodePoints& out, char32_t c) const {
  if (is_in(c, syllables, syllable_count)) return decompose_hangul(out, c);
  std::array<char32_t, most_steps> tail;
  std::size_t steps = 0;
  while (steps < most_steps) {
    const std::uint32_t* const row = find(decompositions_, {c, 0});
    if (!row) break;
    c = row[1];
    tail[steps++] = row[2];
  }
  out.push_back(c);
  while (steps > 0) {
    if (tail[--steps] != 0) out.push_back(tail[steps]);
  }
}

char32_t Normalizer::composite(char32_t first, char32_t second) const {
  if (!joins(second)) return 0;
  if (const char32_t syllable = hangul_composite(first, second)) return syllable;
  const std::uint32_t* const row = find(compositions_, {first, second});
  return row ? row[2] : 0;
}

std::size_t Normalizer::unchanged_prefix(std::string_view text) const {
  if (changes_nothing()) return text.size();
  std::size_t segment = 0;
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded c = text::decode_valid(text, at);
    if (c.code_point >= first_joining && joins(c.code_point)) return segment;
    segment = at;
    at += c.length;
  }
  return text.size();
}

std::size_t Normalizer::segment_end(std::string_view text, std::size_t at) const {
  do at += text::decode_valid(text, at).length;
  while (at < text.size() && joins(text::decode_valid(text, at).code_point));
  return at;
}

std::size_t Normalizer::last_segment(std::string_view text, std::size_t from) const {
  for (std::size_t at = text.size(); at > from;) {
    do --at;
    while ((static_cast<std::uint8_t>(text[at]) & 0xC0) == 0x80);
    if (!joins(text::decode_valid(text, at).code_point)) return at;
  }
  return 0;
}

void Normalizer::append(std::string& out, std::string_view text) const {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t unchanged = unchanged_prefix(text.substr(at));
    out += text.substr(at, unchanged);
    at += unchanged;
    if (at == text.size()) return;
    const std::size_t end = segment_end(text, at);
    append_segment(out, text.substr(at, end - at));
    at = end;
  }
}

std::size_t Normalizer::offset_before(std::string_view text, std::size_t normalized_offset) const {
  std::string normalized;
  std::size_t at = 0;
  for (std::size_t left = normalized_offset; left > 0 && at < text.size();) {
    const std::size_t unchanged = std::min(left, unchanged_prefix(text.substr(at)));
    at += unchanged;
    left -= unchanged;
    if (left == 0 || at == text.size()) break;
    const std::string_view segment = text.substr(at, segment_end(text, at) - at);
    normalized.clear();
    append_segment(normalized, segment);
    if (normalized == segment) {
      const std::size_t same = std::min(left, segment.size());
      at += same;
      left -= same;
    } else if (normalized.size() <= left) {
      at += segment.size();
      left -= normalized.size();
    } else {
      break;
    }
  }
  return at;
}

void Normalizer::append_segment(std::string& out, std::string_view segment) const {
  CodePoints text;
  for (std::size_t at = 0; at < segment.size();) {
    const text::Decoded c = text::decode_valid(segment, at);
    decompose(text, c.code_point);
    at += c.length;
  }
  sort_marks(text);
  compose(text);
  for (const char32_t c : text) text::append_utf8(out, c);
}

/// The Canonical Ordering Algorithm: of each run of marks, those of the lowest place first. Not by
/// swapping neighbours: runs may be long, but there are few places. Whatever else is a run by
/// itself.
void Normalizer::sort_marks(CodePoints& text) const {
  CodePoints sorted;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin + 1;
    while (end < text.size() && order(text[begin]) != 0 && order(text[end]) != 0) ++end;
    for (std::uint32_t place = 0; sorted.size() < end;) {
      std::uint32_t next = text::last_code_point;
      for (std::size_t i = begin; i < end; ++i) {
        const std::uint32_t here = order(text[i]);
        if (here == place) sorted.push_back(text[i]);
        if (here > place) next = std::min(next, here);
      }
      place = next;
    }
    begin = end;
  }
  text = std::move(sorted);
}

/// The Canonical Composition Algorithm, in place.
void Normalizer::compose(CodePoints& text) const {
  std::size_t kept = 0;
  std::size_t starter = text.size();  // none yet
  std::uint32_t order_before = 0;     // of what stands behind the starter; 0: nothing does
  for (const char32_t c : text) {
    const std::uint32_t order_here = order(c);
    const bool blocked =
        starter == text.size() || (order_before != 0 && order_before >= order_here);
    const char32_t whole = blocked ? 0 : composite(text[starter], c);
    if (whole != 0) {
      text[starter] = whole;
      continue;
    }
    if (order_here == 0) starter = kept;
    order_before = order_here;
    text[kept++] = c;
  }
  text.resize(kept);
}

}  // namespace weir::tokens
