#include "weir/prompt/request_reader.hpp"

#include <utility>

namespace weir::prompt {
namespace {

std::string subscript(std::size_t index) {
  return "[" + std::to_string(index) + "]";
}

}  // namespace

std::string Path::text() const {
  std::string out(outer);
  if (index) out += subscript(*index);
  if (!out.empty() && !member.empty()) out += '.';
  out += member;
  if (sub) out += subscript(*sub);
  if (!of.empty()) out.append(".").append(of);
  return out;
}

bool has_control_character(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return true;
  }
  return false;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

Error wrong(const Path& path, std::string_view expected) {
  return {ErrorCode::invalid_request, path.text() + " must be " + std::string(expected) + ".",
          "Correct this member of the request and ask again."};
}

Error missing(const Path& path) {
  return {ErrorCode::invalid_request, path.text() + " is missing.",
          "Add this member to the request and ask again."};
}

Error too_large(const Path& path, std::size_t most, std::string_view unit) {
  return {ErrorCode::request_too_large,
          path.text() + " is larger than " + std::to_string(most) + " " + std::string(unit) + ".",
          "Send less and ask again."};
}

void RequestReader::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

json::ValueView RequestReader::optional(json::ValueView value) const {
  return error_ || value.is_null() ? json::ValueView() : value;
}

json::ValueView RequestReader::required(json::ValueView value, const Path& path) {
  value = optional(value);
  if (!value) fail(missing(path));
  return value;
}

void RequestReader::text(json::ValueView value, const Path& path, std::size_t bytes_most,
                         std::string& out) {
  if (error_ || !value) return;
  if (!value.is_string()) return fail(wrong(path, "a string"));
  std::string text = value.string();
  if (text.size() > bytes_most) return fail(too_large(path, bytes_most, "bytes"));
  out = std::move(text);
}

void RequestReader::short_text(json::ValueView value, const Path& path, std::string& out) {
  text(value, path, limits_.short_text_bytes, out);
  if (has_control_character(out)) fail(wrong(path, "one line without control characters"));
}

void RequestReader::boolean(json::ValueView value, const Path& path, bool& out) {
  if (!optional(value)) return;
  if (!value.is_boolean()) return fail(wrong(path, "true or false"));
  out = value.is_true();
}

std::vector<json::ValueView> RequestReader::array(json::ValueView value, const Path& path,
                                                  std::size_t most) {
  if (error_) return {};
  if (!value.is_array()) {
    fail(wrong(path, "an array"));
    return {};
  }
  std::vector<json::ValueView> elements = value.elements();
  if (elements.size() > most) {
    fail(too_large(path, most, "elements"));
    return {};
  }
  return elements;
}

}  // namespace weir::prompt
