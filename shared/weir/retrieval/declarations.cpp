#include "weir/retrieval/declarations.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/retrieval/analyzer.hpp"
#include "weir/text/lines.hpp"

namespace weir::retrieval {
namespace {

/// A list of words of small letters that nearly everything that is asked for is not in.
template <std::size_t size>
struct Words {
  std::array<std::string_view, size> words;
  /// By first letter: a bit for each length that there is.
  std::array<std::uint32_t, 26> lengths{};

  template <class... Word>
  constexpr Words(Word... word) : words{word...} {
    for (const std::string_view each : words)
      lengths[static_cast<std::size_t>(each.front() - 'a')] |= 1U << each.size();
  }
};

template <std::size_t size>
bool is_one_of(std::string_view word, const Words<size>& list) {
  if (word.empty() || word.size() > 31 || !detail::is_lower(word.front())) return false;
  if ((list.lengths[static_cast<std::size_t>(word.front() - 'a')] >> word.size() & 1) == 0)
    return false;
  return std::find(list.words.begin(), list.words.end(), word) != list.words.end();
}

constexpr Words<28> modifiers = {
    "export",  "default",  "public",    "private", "protected", "internal",  "static",
    "final",   "abstract", "async",     "pub",     "unsafe",    "extern",    "inline",
    "virtual", "override", "sealed",    "partial", "open",      "data",      "suspend",
    "declare", "readonly", "constexpr", "typedef", "friend",    "consteval", "local"};

/// A chunk may well begin at these.
constexpr Words<22> openers = {"def",    "class",  "func",      "fn",     "function",  "interface",
                               "struct", "enum",   "trait",     "impl",   "namespace", "module",
                               "mod",    "object", "protocol",  "record", "proc",      "sub",
                               "union",  "macro",  "defmodule", "fun"};

/// These declare a name as well, but often inside a function.
constexpr Words<5> binders = {"type", "const", "let", "var", "val"};

/// Words that stand before a parenthesis without defining what stands there.
constexpr Words<40> statements = {
    "if",     "else",  "for",    "while", "switch", "catch",  "return",  "do",
    "case",   "await", "throw",  "new",   "delete", "typeof", "in",      "not",
    "and",    "or",    "import", "from",  "using",  "yield",  "assert",  "raise",
    "with",   "elif",  "except", "print", "echo",   "sizeof", "foreach", "until",
    "unless", "when",  "match",  "super", "lock",   "goto",   "go",      "defer"};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
constexpr std::array<bool, 256> name_characters = [] {
  std::array<bool, 256> table = detail::word_characters;
  table['$'] = true;
  for (std::size_t c = 0x80; c < table.size(); ++c) table[c] = true;
  return table;
}();
bool is_name(char c) {
  return name_characters[static_cast<unsigned char>(c)];
}

std::string_view trim(std::string_view text) {
  const char *begin = text.data(), *end = begin + text.size();
  while (begin < end && is_blank(*begin)) ++begin;
  while (begin < end && is_blank(end[-1])) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view name_at_front(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name(text[end])) ++end;
  return {text.data(), end};
}

/// A name and what qualifies it: `Pack::open`, `self.run`, `exports.parse`.
std::string_view qualified_name_at_front(std::string_view text) {
  std::size_t end = name_at_front(text).size();
  while (end > 0 && end < text.size() && (text[end] == '.' || text[end] == ':')) {
    std::size_t after = end + 1;
    if (text[end] == ':' && (after >= text.size() || text[after++] != ':')) break;
    const std::size_t next = name_at_front(text.substr(after)).size();
    if (next == 0) break;
    end = after + next;
  }
  return text.substr(0, end);
}

/// The qualified name that ends right before `end`: of `int Pack::open(`, `Pack::open`.
std::string_view qualified_name_before(std::string_view text, std::size_t end) {
  while (end > 0 && is_blank(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 &&
         (is_name(text[begin - 1]) || text[begin - 1] == ':' || text[begin - 1] == '~')) {
    --begin;
  }
  return text.substr(begin, end - begin);
}

/// Drops a parenthesised or bracketed group at the front: Go's receiver, Rust's `(crate)`, `<T>`.
std::string_view skip_group(std::string_view text) {
  if (text.empty() || (text.front() != '(' && text.front() != '<')) return text;
  const std::size_t close = text.find(text.front() == '(' ? ')' : '>');
  return close == std::string_view::npos ? text : trim(text.substr(close + 1));
}

/// What follows a keyword where a name may come: empty where none does, so that the word is no
/// keyword.
std::string_view after_keyword(std::string_view word, std::string_view rest) {
  if (rest.empty()) return {};
  const bool attached = (word == "pub" && rest.front() == '(') ||
                        (word == "function" && rest.front() == '*') ||
                        (word == "impl" && rest.front() == '<');
  if (!attached && !is_blank(rest.front())) return {};
  rest = skip_group(trim(rest));
  while (rest.starts_with('*') || rest.starts_with('&')) rest = trim(rest.substr(1));
  return rest.empty() || !is_name(rest.front()) ? std::string_view() : rest;
}

/// `def name`, `pub(crate) fn name`, `export default class Name`, `func (r *T) Name`, `#define
/// NAME`.
Declaration by_keyword(std::string_view text) {
  if (text.starts_with('#')) {
    text = trim(text.substr(1));
    if (!text.starts_with("define ")) return {};
    return {name_at_front(trim(text.substr(7))), false};
  }
  bool opens = false, binds = false;
  while (true) {
    const std::string_view word = name_at_front(text);
    const std::string_view rest = text.substr(word.size());
    const bool opener = is_one_of(word, openers), binder = is_one_of(word, binders);
    // Behind `def` or `let` any word but another opener (`enum class`, `const fn`) is the name.
    const bool modifier = !opens && !binds && is_one_of(word, modifiers);
    const std::string_view next =
        opener || binder || modifier ? after_keyword(word, rest) : std::string_view();
    if (next.empty()) {
      if (!opens && !binds) return {};
      return {qualified_name_at_front(text), opens};
    }
    opens = opens || opener;
    binds = binds || binder;
    text = next;
  }
}

/// `exports.parse = function`, `const go = async (a) =>` and `name: function`.
std::string_view assigned_function(std::string_view text) {
  const std::string_view name = qualified_name_at_front(text);
  std::string_view rest = trim(text.substr(name.size()));
  if (name.empty() || rest.empty() || (rest.front() != '=' && rest.front() != ':')) return {};
  rest = trim(rest.substr(1));
  if (rest.starts_with("async ")) rest = trim(rest.substr(6));
  if (rest.starts_with("function") || rest.starts_with("lambda")) return name;
  const bool arrow = rest.starts_with('(') && rest.find("=>") != std::string_view::npos;
  return arrow ? name : std::string_view();
}

std::size_t closing_parenthesis(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at;
  }
  return std::string_view::npos;
}

/// Whether the text before the name looks like types and modifiers, not like an expression.
bool is_type_like(std::string_view before) {
  return before.find_first_of("=.,;\"'`(){}!?+/|") == std::string_view::npos &&
         !is_one_of(name_at_front(before), statements);
}

/// `static int parse(const char* text` at column 0; the body may begin on a later line.
std::string_view c_function(std::string_view line) {
  const std::size_t open = line.find('(');
  if (open == std::string_view::npos || open == 0 || line.ends_with(';')) return {};
  const std::string_view name = qualified_name_before(line, open);
  if (name.empty() || is_one_of(name, statements)) return {};
  const std::string_view before =
      trim(line.substr(0, static_cast<std::size_t>(name.data() - line.data())));
  const bool typed = !before.empty() || name.find("::") != std::string_view::npos;
  if (!is_type_like(before)) return {};
  const char last = line.back();
  if (typed)
    return last == '{' || last == ')' || last == ',' || last == '}' || last == '('
               ? name
               : std::string_view();
  // Without a type only a body tells a definition from a call, as in shell and awk.
  return last == '{' && closing_parenthesis(line, open) != std::string_view::npos
             ? name
             : std::string_view();
}

/// `name(a, b) {` and `public int name(int a) throws E {`, indented.
std::string_view method(std::string_view text) {
  if (!text.ends_with('{')) return {};
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0) return {};
  const std::size_t close = closing_parenthesis(text, open);
  if (close == std::string_view::npos) return {};
  const std::string_view name = qualified_name_before(text, open);
  if (name.empty() || is_one_of(name, statements)) return {};
  const std::string_view before =
      trim(text.substr(0, static_cast<std::size_t>(name.data() - text.data())));
  const std::string_view after = text.substr(close + 1);
  const bool plain_after = after.find_first_of("()=.") == std::string_view::npos;
  return plain_after && is_type_like(before) ? name : std::string_view();
}

}  // namespace

Declaration declaration(std::string_view line) {
  const std::string_view text = trim(line);
  if (text.empty() || (!is_name(text.front()) && text.front() != '#' && text.front() != '~'))
    return {};
  if (const Declaration found = by_keyword(text); !found.name.empty()) return found;
  if (const std::string_view name = assigned_function(text); !name.empty()) {
    return {name, line.front() == text.front()};
  }
  if (line.front() == text.front()) {
    const std::string_view name = c_function(text);
    return {name, !name.empty()};
  }
  return {method(text), false};
}

std::vector<std::string_view> defined_names(std::string_view text, FileForm form) {
  std::vector<std::string_view> names;
  const text::LineMap lines(text);
  bool fenced = false;
  for (std::uint32_t number = 1; number <= lines.count(); ++number) {
    const std::string_view line = lines.line(number);
    if (form == FileForm::code) {
      const std::string_view name = declaration(line).name;
      if (!name.empty()) names.push_back(name);
      continue;
    }
    if (trim(line).starts_with("```")) fenced = !fenced;
    if (fenced) continue;
    const std::string_view next =
        number < lines.count() ? lines.line(number + 1) : std::string_view();
    const Heading found = heading(form, line, next);
    if (!found.text.empty()) names.push_back(found.text);
  }
  return names;
}

}  // namespace weir::retrieval
