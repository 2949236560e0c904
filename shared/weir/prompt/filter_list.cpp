#include "weir/prompt/filter_list.hpp"

#include "weir/text/utf8.hpp"

namespace weir::prompt {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (!escape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  return text::is_valid_utf8(out) ? out : std::string(text);
}

}  // namespace

void append_filter(std::vector<std::string>& out, std::string_view part) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = part.find_first_not_of(blanks);
  if (first == std::string_view::npos) return;
  const std::size_t last = part.find_last_not_of(blanks);
  out.emplace_back(part.substr(first, last - first + 1));
}

std::vector<std::string> split_filter_list(std::string_view list) {
  const std::string decoded = percent_decoded(list);
  std::vector<std::string> out;
  std::string_view rest = decoded;
  while (true) {
    const std::size_t end = rest.find_first_of("\n,");
    append_filter(out, rest.substr(0, end));
    if (end == std::string_view::npos) return out;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace weir::prompt
