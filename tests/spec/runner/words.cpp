#include "spec/runner/words.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace weir::spec {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

constexpr std::pair<char, char> short_escapes[] = {
    {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'0', '\0'}, {'\\', '\\'},
};

std::optional<char> short_escape(char letter) {
  for (const auto& [name, byte] : short_escapes) {
    if (name == letter) return byte;
  }
  return std::nullopt;
}

}  // namespace

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return word;
}

std::optional<std::string_view> option(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::string_view word = take_word(text);
    if (word.size() > key.size() && word.substr(0, key.size()) == key && word[key.size()] == '=') {
      return word.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) break;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::optional<Duration> duration(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && (is_digit(text[digits]) || text[digits] == '.')) ++digits;
  if (digits == 0) return std::nullopt;
  const std::string_view amount = text.substr(0, digits);
  const std::string_view unit = text.substr(digits);

  Duration whole_unit{};
  if (unit == "ms") whole_unit = 1ms;
  if (unit == "s") whole_unit = 1s;
  if (unit == "min") whole_unit = 1min;
  if (unit == "h") whole_unit = 1h;
  if (whole_unit == Duration{}) return std::nullopt;

  Duration result = whole_unit * static_cast<std::int64_t>(number(amount));
  const std::size_t point = amount.find('.');
  if (point == std::string_view::npos) return result;
  for (const char c : amount.substr(point + 1)) {
    if (!is_digit(c)) return std::nullopt;
    whole_unit /= 10;
    result += whole_unit * (c - '0');
  }
  return result;
}

std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    if (const auto byte = short_escape(text[i + 1])) {
      bytes += *byte;
      ++i;
    } else if (text[i + 1] == 'x' && i + 3 < text.size() && hex_digit(text[i + 2]) &&
               hex_digit(text[i + 3])) {
      bytes += static_cast<char>(*hex_digit(text[i + 2]) * 16 + *hex_digit(text[i + 3]));
      i += 3;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

std::string escape(std::string_view bytes) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    bool written = false;
    for (const auto& [name, byte] : short_escapes) {
      if (byte != c) continue;
      text += '\\';
      text += name;
      written = true;
    }
    if (written) continue;
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x20 && code != 0x7f) {
      text += c;
      continue;
    }
    text += "\\x";
    text += hex[code >> 4];
    text += hex[code & 15];
  }
  return text;
}

}  // namespace weir::spec
