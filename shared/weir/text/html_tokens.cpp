#include "weir/text/html_tokens.hpp"

#include <algorithm>

#include "weir/text/ascii.hpp"

namespace weir::text {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}
bool is_letter(char c) {
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'z';
}

std::size_t behind(std::string_view text, std::string_view wanted, std::size_t from) {
  const std::size_t at = text.find(wanted, from);
  return at == std::string_view::npos ? text.size() : at + wanted.size();
}

/// An attribute's place in a tag, and that of what follows it.
struct Attribute {
  std::string_view name, value;
  std::size_t end = 0;
  bool whole = true;  ///< false: the text ended within its quotes
};

/// `at` is at no blank, slash or `>`.
Attribute read_attribute(std::string_view text, std::size_t at) {
  Attribute out;
  const std::size_t begin = at;
  // A name may begin with `=`.
  for (++at; at < text.size() && !is_space(text[at]); ++at) {
    if (text[at] == '/' || text[at] == '>' || text[at] == '=') break;
  }
  out.name = out.value = text.substr(begin, at - begin);
  out.end = at;
  while (at < text.size() && is_space(text[at])) ++at;
  if (at == text.size() || text[at] != '=') return out;
  for (++at; at < text.size() && is_space(text[at]);) ++at;
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const std::size_t close = text.find(text[at], at + 1);
    out.whole = close != std::string_view::npos;
    out.value = text.substr(at + 1, out.whole ? close - at - 1 : close);
    out.end = out.whole ? close + 1 : text.size();
    return out;
  }
  std::size_t end = at;
  while (end < text.size() && !is_space(text[end]) && text[end] != '>') ++end;
  out.value = text.substr(at, end - at);
  out.end = end;
  return out;
}

}  // namespace

HtmlMarkup html_markup(std::string_view html, std::size_t at) {
  HtmlMarkup out;
  const std::string_view rest = html.substr(at);
  out.end = at + 1;
  if (rest.size() < 2) return out;
  if (rest.starts_with("<!--")) {
    out.kind = HtmlMarkup::Kind::comment;
    out.end = behind(html, "-->", at + 2);  // `<!-->` and `<!--->` are whole comments
    return out;
  }
  const bool closing = rest[1] == '/';
  if (rest[1] == '!' || rest[1] == '?' || (closing && rest.size() > 2 && !is_letter(rest[2]))) {
    out.kind = HtmlMarkup::Kind::comment;
    out.end = behind(html, ">", at);
    return out;
  }
  const std::size_t begin = at + (closing ? 2 : 1);
  if (begin >= html.size() || !is_letter(html[begin])) return out;
  out.kind = closing ? HtmlMarkup::Kind::closing : HtmlMarkup::Kind::opening;
  std::size_t end = begin;
  while (end < html.size() && !is_space(html[end]) && html[end] != '/' && html[end] != '>') ++end;
  out.name = html.substr(begin, end - begin);
  const std::size_t attributes = end;
  while (end < html.size() && html[end] != '>') {
    out.closes_itself = html[end] == '/';
    end = is_space(html[end]) || html[end] == '/' ? end + 1 : read_attribute(html, end).end;
  }
  out.attributes = html.substr(attributes, end - attributes);
  out.end = std::min(end + 1, html.size());
  return out;
}

std::size_t raw_content_end(std::string_view html, std::size_t from, std::string_view name) {
  while (true) {
    from = html.find("</", from);
    if (from == std::string_view::npos) return html.size();
    const std::size_t end = from + 2 + name.size();
    if (end >= html.size()) return html.size();
    const bool ends = is_space(html[end]) || html[end] == '>' || html[end] == '/';
    if (ends && equals_in_any_case(html.substr(from + 2, name.size()), name)) return from;
    from += 2;
  }
}

std::string_view attribute(std::string_view attributes, std::string_view name) {
  for (std::size_t at = 0; at < attributes.size();) {
    if (is_space(attributes[at]) || attributes[at] == '/') {
      ++at;
      continue;
    }
    const Attribute found = read_attribute(attributes, at);
    if (equals_in_any_case(found.name, name)) return found.value;
    at = found.end;
  }
  return {};
}

}  // namespace weir::text
