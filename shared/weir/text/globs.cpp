#include "weir/text/globs.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace weir::text {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty()) parts.push_back(part);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return parts;
}

/// Bytes of the character at the front: `?` and classes take whole UTF-8 sequences.
std::size_t character_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    ++length;
  return length;
}

struct ClassMatch {
  std::size_t pattern_length;  ///< of the whole `[...]`
  bool matched;
};

/// Reads the class at the front of `pattern`; nothing where it is not closed: then `[` is plain.
/// Ranges compare bytes, so they are for ASCII.
std::optional<ClassMatch> match_class(std::string_view pattern, std::string_view character) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool found = false;
  for (const std::size_t first = at; at < pattern.size(); ++at) {
    if (pattern[at] == ']' && at > first) return ClassMatch{at + 1, found != negated};
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const auto low = static_cast<unsigned char>(pattern[at]);
    auto high = low;
    if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
      at += 2;
      high = static_cast<unsigned char>(pattern[at]);
    }
    const auto byte = static_cast<unsigned char>(character.front());
    if (character.size() == 1 && low <= byte && byte <= high) found = true;
  }
  return std::nullopt;
}

struct Step {
  std::size_t pattern_length;
  std::size_t text_length;
};

/// Matches one pattern element that is not `*` against the front of `text`.
std::optional<Step> match_one(std::string_view pattern, std::string_view text) {
  const std::size_t length = character_length(text);
  if (pattern.front() == '?') return Step{1, length};
  if (pattern.front() == '[') {
    if (const auto match = match_class(pattern, text.substr(0, length))) {
      if (!match->matched) return std::nullopt;
      return Step{match->pattern_length, length};
    }
  }
  const bool escaped = pattern.front() == '\\' && pattern.size() > 1;
  if (pattern[escaped ? 1 : 0] != text.front()) return std::nullopt;
  return Step{escaped ? 2U : 1U, 1};
}

/// Parts against parts, `**` standing for any number of them. As with `*` below, only the last `**`
/// ever needs to be tried anew, which keeps the time bounded.
bool match_parts(const std::vector<std::string>& pattern,
                 const std::vector<std::string_view>& path) {
  std::size_t p = 0, t = 0;
  std::optional<std::pair<std::size_t, std::size_t>> last_stars;
  while (t < path.size()) {
    if (p < pattern.size() && pattern[p] == "**") {
      last_stars = {++p, t};
    } else if (p < pattern.size() && matches_part(pattern[p], path[t])) {
      ++p;
      ++t;
    } else if (last_stars) {
      p = last_stars->first;
      t = ++last_stars->second;
    } else {
      return false;
    }
  }
  // `a/**` is what lies in a, not a itself.
  return p == pattern.size();
}

}  // namespace

bool matches_part(std::string_view pattern, std::string_view part) {
  std::size_t p = 0, t = 0;
  std::optional<std::pair<std::size_t, std::size_t>> last_star;
  while (t < part.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      last_star = {++p, t};
      continue;
    }
    if (p < pattern.size()) {
      if (const auto step = match_one(pattern.substr(p), part.substr(t))) {
        p += step->pattern_length;
        t += step->text_length;
        continue;
      }
    }
    if (!last_star) return false;
    p = last_star->first;
    t = ++last_star->second;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Globs::Globs(std::span<const std::string> patterns) {
  for (const std::string& pattern : patterns) add(pattern);
}

void Globs::add(std::string_view pattern) {
  while (!pattern.empty() && (pattern.back() == '\r' || pattern.back() == '\n')) {
    pattern.remove_suffix(1);
  }
  while (pattern.ends_with(' ') && !pattern.ends_with("\\ ")) pattern.remove_suffix(1);
  if (pattern.empty() || pattern.front() == '#') return;
  Rule rule;
  if (pattern.front() == '!') {
    rule.negated = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('/')) {
    rule.folders_only = true;
    pattern.remove_suffix(1);
  }
  const bool anchored = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with("./")) pattern.remove_prefix(2);
  if (!anchored) rule.parts.emplace_back("**");
  for (const std::string_view part : split(pattern)) {
    if (part == "**" && !rule.parts.empty() && rule.parts.back() == "**") continue;
    rule.parts.emplace_back(part);
  }
  if (rule.parts.empty()) return;
  rule.is_name = !anchored && rule.parts.size() == 2 &&
                 rule.parts.back().find_first_of("*?[\\") == std::string::npos;
  rules_.push_back(std::move(rule));
}

bool Globs::Rule::matches(const std::vector<std::string_view>& path) const {
  return is_name ? !path.empty() && path.back() == parts.back() : match_parts(parts, path);
}

std::optional<bool> Globs::verdict(std::string_view path, bool folder) const {
  if (rules_.empty()) return std::nullopt;
  const std::vector<std::string_view> parts = split(path);
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->folders_only && !folder) continue;
    if (rule->matches(parts)) return !rule->negated;
  }
  return std::nullopt;
}

bool Globs::lies_in_match(std::string_view path) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (slash > 0 && verdict(path.substr(0, slash), true).value_or(false)) return true;
  }
  return false;
}

bool Globs::matches(std::string_view path) const {
  if (rules_.empty()) return false;
  return lies_in_match(path) || verdict(path, false).value_or(false);
}

bool Globs::matches_folder(std::string_view path) const {
  if (rules_.empty()) return false;
  return lies_in_match(path) || verdict(path, true).value_or(false);
}

}  // namespace weir::text
