#include "weir/retrieval/admission.hpp"

#include <algorithm>
#include <optional>

#include "weir/retrieval/default_excludes.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/text/charset.hpp"
#include "weir/text/html_page.hpp"
#include "weir/text/utf8.hpp"

namespace weir::retrieval {
namespace {

using text::Charset;

/// Longer lines than this on average, in a file above the size, are nobody's handwriting.
constexpr std::size_t minified_line_bytes = 400;
constexpr std::size_t minified_file_bytes = 5000;
/// Where generators say so: at the top, below a licence.
constexpr std::size_t generated_head_bytes = 2048;

bool looks_minified(std::string_view text) {
  if (text.size() <= minified_file_bytes) return false;
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  return text.size() / lines > minified_line_bytes;
}

/// Go's line (https://go.dev/s/generatedcode), which generators for other languages write as well:
/// a comment that begins with "Code generated" and ends with "DO NOT EDIT.".
bool says_generated(std::string_view text) {
  constexpr std::string_view beginning = "Code generated ", end = "DO NOT EDIT.";
  constexpr std::size_t comment_mark_bytes = 4;  // "// ", "# ", "-- ", "<!--"
  const std::string_view head = text.substr(0, generated_head_bytes);
  for (std::size_t at = 0; at < head.size();) {
    std::string_view line = head.substr(at, head.find('\n', at) - at);
    at += line.size() + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find(beginning) <= comment_mark_bytes && line.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

std::string_view reason(Admission admission) {
  switch (admission) {
    case Admission::added:
      return "added";
    case Admission::from_utf16:
      return "converted from UTF-16";
    case Admission::from_windows_1252:
      return "converted from Windows-1252";
    case Admission::from_html:
      return "converted from HTML";
    case Admission::empty:
      return "empty";
    case Admission::too_large:
      return "larger than the limit";
    case Admission::binary:
      return "binary";
    case Admission::other_encoding:
      return "in an encoding other than UTF-8, UTF-16 and Windows-1252";
    case Admission::excluded:
      return "left out by a glob or by default";
    case Admission::ignored:
      return "ignored by .gitignore";
    case Admission::duplicate:
      return "there already under the same path";
    case Admission::generated:
      return "generated or minified";
    case Admission::bad_path:
      return "with a path that leads out of the folder";
    case Admission::link:
      return "links and other files without text of their own";
    case Admission::encrypted:
      return "encrypted";
    case Admission::unreadable:
      return "not readable";
  }
  return "unknown";
}

bool is_file_path(std::string_view path, const limits::Pack& limits) {
  if (path.empty() || path.size() > limits.path_bytes || !text::is_valid_utf8(path)) return false;
  if (path.front() == '/' || path.back() == '/') return false;
  const bool controls = std::any_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (controls) return false;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    path.remove_prefix(std::min(path.size(), part.size() + 1));
  }
  return true;
}

Admission admission_of(std::string_view path, std::uint64_t size, const limits::Pack& limits) {
  if (has_binary_name(path)) return Admission::binary;
  if (has_generated_name(path)) return Admission::generated;
  if (size == 0) return Admission::empty;
  if (size > limits.file_bytes) return Admission::too_large;
  return Admission::added;
}

namespace {

/// False: it is not in UTF-8 and cannot be made so.
bool decode(Bytes content, FileText& out) {
  const std::string_view bytes = as_text(content);
  const Charset charset = text::charset_of(bytes);
  if (charset == Charset::binary || charset == Charset::other) {
    out.admission = charset == Charset::binary ? Admission::binary : Admission::other_encoding;
    return false;
  }
  if (charset == Charset::utf8) {
    out.text = text::without_utf8_mark(bytes);
  } else {
    std::optional<std::string> converted = text::to_utf8(bytes, charset);
    // What claims to be UTF-16 and is not is no text.
    if (!converted) {
      out.admission = Admission::binary;
      return false;
    }
    out.converted = *std::move(converted);
    out.text = out.converted;
    out.admission =
        charset == Charset::windows_1252 ? Admission::from_windows_1252 : Admission::from_utf16;
  }
  return true;
}

}  // namespace

void read_text(std::string_view path, Bytes content, FileText& out) {
  if (!decode(content, out)) return;
  if (says_generated(out.text)) {
    out.admission = Admission::generated;
    return;
  }
  if (form_of(path) == FileForm::html) {
    if (std::optional<std::string> page = text::page_text(out.text)) {
      out.converted = *std::move(page);
      out.text = out.converted;
      out.admission = Admission::from_html;
      return;  // a page in few long lines is none the worse
    }
  }
  if (looks_minified(out.text)) out.admission = Admission::generated;
}

}  // namespace weir::retrieval
