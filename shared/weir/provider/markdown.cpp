#include "weir/provider/markdown.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::provider::markdown {
namespace {

std::size_t longest_backtick_run(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Bytes above ASCII count as letters.
bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// "[text](target)" at the beginning: its text and its length.
std::pair<std::string_view, std::size_t> link(std::string_view text) {
  if (text.empty() || text[0] != '[') return {};
  const std::size_t middle = text.find("](");
  if (middle == std::string_view::npos || text.find('[', 1) < middle) return {};
  const std::size_t end = text.find(')', middle);
  if (end == std::string_view::npos) return {};
  return {text.substr(1, middle - 1), end + 1};
}

/// "`code`" at the beginning: its length. Only single backticks around one line without others.
std::size_t simple_code_span(std::string_view text) {
  if (text.size() < 3 || text[0] != '`' || text[1] == '`') return 0;
  const std::size_t end = text.find('`', 1);
  if (end == std::string_view::npos || (end + 1 < text.size() && text[end + 1] == '`')) return 0;
  return end + 1;
}

/// "*text*" or "**text**" at the beginning: its text and its length. Pointers and products in
/// comments ("int *a, *b", "a * b") are none.
std::pair<std::string_view, std::size_t> emphasis(std::string_view text) {
  const std::size_t run = text.substr(0, 2) == "**" ? 2 : 1;
  if (text.size() <= 2 * run || text[0] != '*' || is_blank(text[run]) || text[run] == '*') {
    return {};
  }
  const std::size_t end = text.find(text.substr(0, run), run);
  if (end == std::string_view::npos || is_blank(text[end - 1])) return {};
  return {text.substr(run, end - run), end + run};
}

class ProseWriter {
 public:
  explicit ProseWriter(std::string_view text) : text_(text) {}

  std::string write() {
    while (at_ < text_.size()) step();
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    return std::move(out_);
  }

 private:
  void step() {
    const std::string_view rest = text_.substr(at_);
    if (const auto [words, length] = link(rest); length > 0) {
      out_ += ProseWriter(words).write();
      at_ += length;
    } else if (const std::size_t span = simple_code_span(rest); span > 0) {
      out_ += rest.substr(0, span);
      at_ += span;
    } else if (const auto [stressed, size] = emphasis(rest); size > 0) {
      out_ += ProseWriter(stressed).write();
      at_ += size;
    } else {
      character(rest[0]);
      ++at_;
    }
  }

  void character(char c) {
    if (is_blank(c) || is_control(c)) {
      if (!out_.empty() && out_.back() != ' ') out_ += ' ';
      return;
    }
    if (needs_escape(c)) out_ += '\\';
    out_ += c;
  }

  bool needs_escape(char c) const {
    switch (c) {
      case '\\':
      case '`':
      case '*':
      case '[':
      case ']':
      case '<':
      case '|':
      case '~':
      case '&':
      case '$':
        return true;
      case '_':  // inside a word it means nothing
        return !(at_ > 0 && is_word(text_[at_ - 1]) && at_ + 1 < text_.size() &&
                 is_word(text_[at_ + 1]));
      case '#':
      case '>':
      case '-':
      case '+':
      case '=':
        return out_.empty();
      case '.':
      case ')':  // "1." at the beginning would be a list
        return out_.size() < 10 && out_.find_first_not_of("0123456789") == std::string::npos;
      default:
        return false;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 60> languages = {{
    {"c", "c"},
    {"h", "c"},
    {"cc", "cpp"},
    {"cpp", "cpp"},
    {"cxx", "cpp"},
    {"hh", "cpp"},
    {"hpp", "cpp"},
    {"inl", "cpp"},
    {"cs", "csharp"},
    {"css", "css"},
    {"scss", "scss"},
    {"clj", "clojure"},
    {"cmake", "cmake"},
    {"dart", "dart"},
    {"ex", "elixir"},
    {"exs", "elixir"},
    {"erl", "erlang"},
    {"go", "go"},
    {"graphql", "graphql"},
    {"groovy", "groovy"},
    {"gradle", "gradle"},
    {"hs", "haskell"},
    {"html", "html"},
    {"htm", "html"},
    {"xhtml", "html"},
    {"vue", "html"},
    {"ini", "ini"},
    {"java", "java"},
    {"js", "javascript"},
    {"mjs", "javascript"},
    {"cjs", "javascript"},
    {"jsx", "jsx"},
    {"json", "json"},
    {"jl", "julia"},
    {"kt", "kotlin"},
    {"kts", "kotlin"},
    {"lua", "lua"},
    {"m", "objectivec"},
    {"md", "markdown"},
    {"nix", "nix"},
    {"php", "php"},
    {"pl", "perl"},
    {"proto", "protobuf"},
    {"py", "python"},
    {"pyi", "python"},
    {"r", "r"},
    {"rb", "ruby"},
    {"rs", "rust"},
    {"sh", "bash"},
    {"bash", "bash"},
    {"scala", "scala"},
    {"sql", "sql"},
    {"swift", "swift"},
    {"toml", "toml"},
    {"ts", "typescript"},
    {"mts", "typescript"},
    {"tsx", "tsx"},
    {"xml", "xml"},
    {"yaml", "yaml"},
    {"yml", "yaml"},
}};

}  // namespace

std::string prose(std::string_view text) {
  return ProseWriter(text).write();
}

std::string code_span(std::string_view text) {
  std::string line;
  for (const char c : text) line += is_control(c) ? ' ' : c;
  const std::string fence(longest_backtick_run(line) + 1, '`');
  const std::string pad = fence.size() > 1 || line.empty() ? " " : "";
  return fence + pad + line + pad + fence;
}

std::string code_block(std::string_view text, std::string_view language) {
  const std::string fence(std::max<std::size_t>(3, longest_backtick_run(text) + 1), '`');
  std::string out = fence;
  out.append(language).append("\n");
  for (const char c : text) {
    if (c == '\n' || c == '\t' || !is_control(c)) out += c;
  }
  if (out.back() != '\n') out += '\n';
  return out + fence + "\n";
}

std::string_view language_of(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  if (name == "CMakeLists.txt") return "cmake";
  if (name == "Dockerfile") return "dockerfile";
  if (name == "Makefile") return "makefile";
  const std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos) return "";
  for (const auto& [extension, language] : languages) {
    if (name.substr(dot + 1) == extension) return language;
  }
  return "";
}

}  // namespace weir::provider::markdown
