#include "weir/sse/writer.hpp"

#include "weir/base/digits.hpp"

namespace weir::sse {
namespace {

/// Cuts the first line off `text`; a reader takes CR and CRLF for line ends too.
std::string_view take_line(std::string_view& text, bool& more) {
  const std::size_t end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  more = end != std::string_view::npos;
  if (!more) return line;
  const bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  text.remove_prefix(end + (pair ? 2 : 1));
  return line;
}

void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
  for (bool more = true; more;) {
    out += prefix;
    out += take_line(text, more);
    out += '\n';
  }
}

void append_fields(std::string& out, std::string_view event, std::uint64_t id) {
  out += "event: ";
  out += event;
  out += '\n';
  if (id == 0) return;
  out += "id: ";
  append_digits(out, id);
  out += '\n';
}

}  // namespace

void append_event(std::string& out, std::string_view event, std::uint64_t id,
                  std::string_view data) {
  append_fields(out, event, id);
  append_lines(out, "data: ", data);
  out += '\n';
}

void append_event_head(std::string& out, std::string_view event, std::uint64_t id) {
  append_fields(out, event, id);
  out += "data: ";
}

void append_comment(std::string& out, std::string_view text) {
  append_lines(out, ": ", text);
  out += '\n';
}

}  // namespace weir::sse
