#include "weir/text/gitignore.hpp"

#include <cstddef>

#include "weir/text/charset.hpp"

namespace weir::text {
namespace {

/// The folder that a path lies in; empty for the root.
std::string_view parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

void GitIgnore::add(std::string_view folder, std::string_view text) {
  text = without_utf8_mark(text);
  Globs& rules = files_[std::string(folder)];
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    rules.add(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

bool GitIgnore::ignores(std::string_view path, bool folder) const {
  if (files_.empty()) return false;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (ignores_itself(path.substr(0, slash), true)) return true;
  }
  return ignores_itself(path, folder);
}

bool GitIgnore::ignores_itself(std::string_view path, bool folder) const {
  for (std::string_view base = parent(path);; base = parent(base)) {
    if (const auto rules = files_.find(base); rules != files_.end()) {
      const std::string_view below = base.empty() ? path : path.substr(base.size() + 1);
      if (const auto verdict = rules->second.verdict(below, folder)) return *verdict;
    }
    if (base.empty()) return false;
  }
}

}  // namespace weir::text
