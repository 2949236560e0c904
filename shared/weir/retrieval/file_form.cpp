#include "weir/retrieval/file_form.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "weir/retrieval/analyzer.hpp"

namespace weir::retrieval {
namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = detail::lower(c);
  return out;
}

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 10> changelogs = {
    "changelog",     "changes",       "history",      "news",       "releases",
    "release-notes", "release_notes", "releasenotes", "changelogs", "00-releasenotes"};

constexpr std::array<std::string_view, 3> family_prefixes = {"test_", "test-", "t_"};

constexpr std::array<std::string_view, 9> family_suffixes = {
    "_tests", "_test", "-test", "tests", "test", "_spec", "-spec", "_impl", "_internal"};

constexpr std::array<std::string_view, 12> vendored = {
    "deps",     "vendor",  "vendored", "third_party", "third-party", "thirdparty",
    "3rdparty", "bundled", "external", "externals",   "_vendor",     "extern"};

constexpr std::array<std::string_view, 8> documentation = {
    "doc", "docs", "documentation", "examples", "site", "website", "wiki", "man"};

template <std::size_t size>
bool has_folder(std::string_view path, const std::array<std::string_view, size>& names) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/')) {
    if (is_one_of(path.substr(0, slash), names)) return true;
    path.remove_prefix(slash + 1);
  }
  return false;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

/// `## Title ##` and `== Title`: a run of `mark`, a blank, the text.
Heading marked_heading(std::string_view line, char mark) {
  std::size_t level = 0;
  while (level < line.size() && line[level] == mark) ++level;
  if (level == 0 || level > 6 || level == line.size() || line[level] != ' ') return {};
  std::string_view text = trim(line.substr(level));
  while (text.ends_with(mark)) text.remove_suffix(1);
  return {trim(text), static_cast<int>(level)};
}

/// A line of text above a line that is all one of `marks`, the first standing for the highest
/// level.
Heading underlined_heading(std::string_view line, std::string_view next, std::string_view marks) {
  next = trim(next);
  const std::string_view text = trim(line);
  if (next.size() < 3 || text.empty() || next.size() + 1 < text.size() / 2) return {};
  const std::size_t level = marks.find(next.front());
  if (level == std::string_view::npos || line.front() == ' ') return {};
  const bool uniform = next.find_first_not_of(next.front()) == std::string_view::npos;
  if (!uniform || marks.find(text.front()) != std::string_view::npos) return {};
  return {text, static_cast<int>(std::min<std::size_t>(level + 1, 6))};
}

Heading html_heading(std::string_view line) {
  const std::size_t at = line.find("<h");
  if (at == std::string_view::npos || at + 3 >= line.size()) return {};
  const char level = line[at + 2];
  if (level < '1' || level > '6' || (line[at + 3] != '>' && line[at + 3] != ' ')) return {};
  const std::size_t open = line.find('>', at);
  if (open == std::string_view::npos) return {};
  const std::size_t close = line.find("</h", open);
  const std::size_t end = close == std::string_view::npos ? line.size() : close;
  return {trim(line.substr(open + 1, end - open - 1)), level - '0'};
}

}  // namespace

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

std::string_view file_stem(std::string_view path) {
  const std::string_view name = file_name(path);
  const std::size_t dot = name.rfind('.');
  return dot == 0 || dot == std::string_view::npos ? name : name.substr(0, dot);
}

std::string family_name(std::string_view path) {
  const std::string name = lowered(file_name(path));
  std::string_view family = std::string_view(name).substr(0, name.find('.'));
  for (const std::string_view prefix : family_prefixes) {
    if (!family.starts_with(prefix) || family == prefix) continue;
    family.remove_prefix(prefix.size());
    break;
  }
  for (const std::string_view suffix : family_suffixes) {
    if (!family.ends_with(suffix) || family == suffix) continue;
    family.remove_suffix(suffix.size());
    break;
  }
  return std::string(family);
}

FileForm form_of(std::string_view path) {
  const std::string name = lowered(file_name(path));
  const std::size_t dot = name.rfind('.');
  const std::string_view extension =
      dot == std::string::npos ? std::string_view() : std::string_view(name).substr(dot + 1);
  if (extension == "md" || extension == "markdown" || extension == "mdx") return FileForm::markdown;
  if (extension == "adoc" || extension == "asciidoc") return FileForm::asciidoc;
  if (extension == "rst") return FileForm::restructured;
  if (extension == "html" || extension == "htm" || extension == "xhtml") return FileForm::html;
  if (extension == "txt") return name == "cmakelists.txt" ? FileForm::code : FileForm::plain;
  return FileForm::code;
}

std::uint32_t prior_of(std::string_view path) {
  const std::string lower_path = lowered(path);
  const bool code =
      form_of(lower_path) == FileForm::code && file_name(lower_path) != file_stem(lower_path);
  if (!code && is_one_of(file_stem(lower_path), changelogs)) return 50;
  if (has_folder(lower_path, vendored)) return 80;
  if (is_prose(form_of(lower_path)) || has_folder(lower_path, documentation)) return 90;
  return 100;
}

Heading heading(FileForm form, std::string_view line, std::string_view next) {
  if (line.empty()) return {};
  switch (form) {
    case FileForm::markdown: {
      const Heading marked = marked_heading(line, '#');
      return marked.text.empty() ? underlined_heading(line, next, "=-") : marked;
    }
    case FileForm::asciidoc:
      return marked_heading(line, '=');
    case FileForm::restructured:
      return underlined_heading(line, next, "=-~^\"'*+#`");
    case FileForm::html: {  // a page's text has them as Markdown has (text/html_page.hpp)
      const Heading marked = marked_heading(line, '#');
      return marked.text.empty() ? html_heading(line) : marked;
    }
    case FileForm::plain:
    case FileForm::code:
      return {};
  }
  return {};
}

}  // namespace weir::retrieval
