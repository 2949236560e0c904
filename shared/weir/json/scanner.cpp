#include "weir/json/scanner.hpp"

#include "weir/json/plain_text.hpp"
#include "weir/json/utf8_sequence.hpp"

namespace weir::json {
namespace {

/// A number that is longer might be larger than a double holds: parse() judges it.
constexpr std::size_t number_bytes_most = 100;
constexpr std::size_t exponent_digits_most = 2;
/// So many digits are below 2^63, whatever they are.
constexpr std::size_t whole_number_digits_most = 18;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_code_point(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

}  // namespace

bool Scanner::fail() {
  failed_ = true;
  return false;
}

void Scanner::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) return;
    ++at_;
  }
}

bool Scanner::take(char expected) {
  if (failed_ || at_ >= text_.size() || text_[at_] != expected) return fail();
  ++at_;
  return true;
}

// -- objects and arrays

bool Scanner::begin_object() {
  skip_space();
  if (!take('{') || ++depth_ > depth_most_) return fail();
  first_ = true;
  return true;
}

bool Scanner::begin_array() {
  skip_space();
  if (!take('[') || ++depth_ > depth_most_) return fail();
  first_ = true;
  return true;
}

/// Passes the comma between two parts, or the end.
bool Scanner::next_part(char end) {
  if (failed_ || depth_ == 0) return fail();
  skip_space();
  const bool first = first_;
  first_ = false;
  if (at_ < text_.size() && text_[at_] == end) {
    ++at_;
    --depth_;
    return false;
  }
  if (first) return true;
  if (!take(',')) return false;
  skip_space();
  return true;
}

bool Scanner::next_member(std::string_view& name) {
  if (!next_part('}')) return false;
  if (!pass_plain_string(name)) {
    name_.clear();
    if (!pass_string(&name_)) return false;
    name = name_;
  }
  skip_space();
  return take(':');
}

void Scanner::go_on_at(std::size_t place) {
  at_ = place;
  first_ = false;
}

bool Scanner::next_element() {
  return next_part(']');
}

// -- values

bool Scanner::append_string(std::string& out, std::string_view* raw) {
  skip_space();
  const std::size_t begin = at_;
  std::string_view plain;
  if (pass_plain_string(plain)) {
    out += plain;
  } else if (!pass_string(&out)) {
    return false;
  }
  if (raw) *raw = text_.substr(begin, at_ - begin);
  return true;
}

bool Scanner::take_null() {
  skip_space();
  return !failed_ && at_ < text_.size() && text_[at_] == 'n' && pass_word("null");
}

bool Scanner::take_whole_number(std::uint64_t& number) {
  skip_space();
  if (failed_) return false;
  std::size_t end = at_;
  std::uint64_t value = 0;
  for (; end < text_.size() && is_digit(text_[end]); ++end) {
    if (end - at_ == whole_number_digits_most) return false;
    value = value * 10 + static_cast<std::uint64_t>(text_[end] - '0');
  }
  const char behind = end < text_.size() ? text_[end] : '\0';
  const bool longer = behind == '.' || (behind | 0x20) == 'e';
  const bool leading_zero = end - at_ > 1 && text_[at_] == '0';
  if (end == at_ || longer || leading_zero) return false;
  at_ = end;
  number = value;
  return true;
}

bool Scanner::skip(std::string_view* raw) {
  skip_space();
  const std::size_t begin = at_;
  if (!pass_value()) return false;
  if (raw) *raw = text_.substr(begin, at_ - begin);
  return true;
}

/// At its first character. Without recursion: objects and arrays inside are told apart by one bit
/// each.
bool Scanner::pass_value() {
  const char first = at_ < text_.size() ? text_[at_] : '\0';
  if (first != '{' && first != '[') return pass_scalar();
  const std::size_t outside = depth_;
  std::uint64_t objects = 0;
  std::string_view name;
  while (true) {
    skip_space();
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '{' || c == '[') {
      if (c == '{' ? !begin_object() : !begin_array()) return false;
      objects = objects << 1 | (c == '{' ? 1 : 0);
    } else if (!pass_scalar()) {
      return false;
    }
    while (depth_ > outside && !((objects & 1) != 0 ? next_member(name) : next_element())) {
      if (failed_) return false;
      objects >>= 1;
    }
    if (depth_ == outside) return true;
  }
}

bool Scanner::whole() {
  skip_space();
  return !failed_ && depth_ == 0 && at_ == text_.size() && at_ > 0;
}

bool Scanner::pass_scalar() {
  if (failed_ || at_ >= text_.size()) return fail();
  std::string_view plain;
  switch (text_[at_]) {
    case '"':
      return pass_plain_string(plain) || pass_string(nullptr);
    case 't':
      return pass_word("true");
    case 'f':
      return pass_word("false");
    case 'n':
      return pass_word("null");
    default:
      return pass_number();
  }
}

bool Scanner::pass_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return fail();
  at_ += word.size();
  return true;
}

bool Scanner::pass_number() {
  const std::size_t begin = at_;
  std::size_t exponent_digits = 0;
  if (at_ < text_.size() && text_[at_] == '-') ++at_;
  if (at_ < text_.size() && text_[at_] == '0') {
    ++at_;
  } else if (pass_digits() == 0) {
    return fail();
  }
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (pass_digits() == 0) return fail();
  }
  if (at_ < text_.size() && (text_[at_] | 0x20) == 'e') {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    exponent_digits = pass_digits();
    if (exponent_digits == 0) return fail();
  }
  if (at_ - begin <= number_bytes_most && exponent_digits <= exponent_digits_most) return true;
  return parse(text_.substr(begin, at_ - begin)) || fail();
}

/// How many there were.
std::size_t Scanner::pass_digits() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  return at_ - begin;
}

/// Nearly every string: plain characters alone. False, and nothing passed, for any other.
bool Scanner::pass_plain_string(std::string_view& inside) {
  if (failed_ || at_ >= text_.size() || text_[at_] != '"') return false;
  const std::size_t begin = at_ + 1;
  const std::size_t end = pass_plain(text_, begin);
  if (end >= text_.size() || text_[end] != '"') return false;
  inside = {text_.data() + begin, end - begin};
  at_ = end + 1;
  return true;
}

bool Scanner::pass_string(std::string* out) {
  if (!take('"')) return false;
  while (true) {
    const std::size_t begin = at_;
    at_ = pass_plain(text_, at_);
    if (out) out->append(text_.substr(begin, at_ - begin));
    if (at_ >= text_.size()) return fail();
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return true;
    }
    if (c == '\\') {
      if (!pass_escape(out)) return false;
      continue;
    }
    const std::size_t length =
        static_cast<unsigned char>(c) < 0x20 ? 0 : utf8_sequence_length(text_.substr(at_, 4));
    if (length == 0) return fail();
    if (out) out->append(text_.substr(at_, length));
    at_ += length;
  }
}

/// Escapes of surrogates count in pairs only.
bool Scanner::pass_escape(std::string* out) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  at_ += 2;
  if (letter != 'u') {
    const std::size_t place = letters.find(letter);
    if (letter == '\0' || place == std::string_view::npos) return fail();
    if (out) *out += meanings[place];
    return true;
  }
  std::uint32_t point = 0;
  if (!read_hex(point)) return false;
  if (point >= 0xD800 && point <= 0xDBFF) {
    std::uint32_t low = 0;
    if (!take('\\') || !take('u') || !read_hex(low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return fail();
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  } else if (point >= 0xDC00 && point <= 0xDFFF) {
    return fail();
  }
  if (out) append_code_point(*out, point);
  return true;
}

bool Scanner::read_hex(std::uint32_t& unit) {
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    const char lower = static_cast<char>(c | 0x20);
    if (is_digit(c)) {
      unit = unit << 4 | static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      unit = unit << 4 | static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return fail();
    }
  }
  return true;
}

}  // namespace weir::json
