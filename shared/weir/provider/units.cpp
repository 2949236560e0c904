#include "weir/provider/units.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "weir/provider/markdown.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/text/lines.hpp"

namespace weir::provider {
namespace {

constexpr std::size_t code_lines_most = 10;      ///< of one unit of code
constexpr std::size_t signature_lines_most = 6;  ///< shown after a comment

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool begins_with(std::string_view text, std::string_view beginning) {
  return !beginning.empty() && text.substr(0, beginning.size()) == beginning;
}

bool has_letter_or_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

void append_sentence(std::string& out, std::string_view text) {
  if (!out.empty()) out += ' ';
  out += text;
}

/// Lines without the indentation that all of them share.
std::string dedented(const std::vector<std::string_view>& lines) {
  std::size_t indent = std::string_view::npos;
  for (const auto line : lines) {
    if (!trimmed(line).empty()) indent = std::min(indent, line.find_first_not_of(" \t"));
  }
  std::string out;
  for (const auto line : lines) {
    if (line.size() > indent) out += line.substr(indent);
    out += '\n';
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  const text::LineMap map(text);
  std::vector<std::string_view> lines;
  for (std::uint32_t line = 1; line <= map.count(); ++line) lines.push_back(map.line(line));
  return lines;
}

// -- documents

bool is_document(std::string_view path) {
  for (const std::string_view ending : {".md", ".mdx", ".markdown", ".rst", ".txt", ".adoc"}) {
    if (path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending) {
      return path.substr(path.find_last_of('/') + 1) != "CMakeLists.txt";
    }
  }
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  return name == "README" || name == "CHANGELOG" || name == "LICENSE";
}

/// Whether a passage of an HTML file is the text of a page (text/html_page.hpp), which is written
/// as Markdown is, and not markup: then few of its lines begin with a tag.
bool is_page_text(std::string_view path, std::string_view text) {
  if (retrieval::form_of(path) != retrieval::FileForm::html) return false;
  std::size_t lines = 0, tags = 0;
  for (const std::string_view line : lines_of(text)) {
    const std::string_view words = trimmed(line);
    if (words.empty()) continue;
    ++lines;
    if (words.front() == '<') ++tags;
  }
  return 4 * tags < lines;
}

class DocumentDivider {
 public:
  std::vector<Unit> divide(std::string_view text) {
    for (const std::string_view line : lines_of(text)) take(line);
    end_code();
    end_paragraph();
    return std::move(units_);
  }

 private:
  void take(std::string_view line) {
    const std::string_view words = trimmed(line);
    if (begins_with(words, "```") || begins_with(words, "~~~")) return fence(words);
    if (in_code_) {
      code_.push_back(line);
      if (code_.size() == code_lines_most) end_code();
      return;
    }
    if (words.empty()) return blank_line();
    if (paragraph_.empty() && (begins_with(line, "    ") || begins_with(line, "\t"))) {
      if (code_.empty()) language_.clear();
      code_.push_back(line);
      return;
    }
    if (!code_.empty()) end_code();
    if (words[0] == '#' && words.find_first_not_of('#') != std::string_view::npos) {
      end_paragraph();
      heading_ = trimmed(words.substr(words.find_first_not_of('#')));
      return;
    }
    if (words[0] == '|') return row(words);
    if (const std::size_t mark = list_mark(words); mark > 0) {
      end_paragraph();
      return append_sentence(paragraph_, trimmed(words.substr(mark)));
    }
    if (has_letter_or_digit(words) && words[0] != '<') append_sentence(paragraph_, words);
  }

  /// Ends a paragraph, but not an indented code block.
  void blank_line() {
    end_paragraph();
    if (!code_.empty()) code_.emplace_back();
  }

  /// "- ", "* ", "12. ": the mark's length.
  static std::size_t list_mark(std::string_view words) {
    if (words.size() > 2 && (words[0] == '-' || words[0] == '*' || words[0] == '+') &&
        words[1] == ' ') {
      return 2;
    }
    const std::size_t digits = words.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > 3) return 0;
    return words.substr(digits, 2) == ". " ? digits + 2 : 0;
  }

  void row(std::string_view words) {
    end_paragraph();
    while (!words.empty()) {
      const std::size_t bar = words.find('|');
      const std::string_view cell = trimmed(words.substr(0, bar));
      if (has_letter_or_digit(cell)) {
        if (!paragraph_.empty()) paragraph_ += " \xE2\x80\x94 ";  // an em dash
        paragraph_ += cell;
      }
      if (bar == std::string_view::npos) break;
      words.remove_prefix(bar + 1);
    }
    end_paragraph();
  }

  void fence(std::string_view words) {
    end_paragraph();
    if (in_code_) {
      end_code();
      in_code_ = false;
      return;
    }
    in_code_ = true;
    language_.clear();
    for (const char c : trimmed(words.substr(3))) {
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) break;
      language_ += c;
    }
  }

  void end_code() {
    while (!code_.empty() && trimmed(code_.back()).empty()) code_.pop_back();
    const std::string code = dedented(code_);
    code_.clear();
    if (!has_letter_or_digit(code)) return;
    // "To build it:" and its block belong together.
    if (!units_.empty() && units_.back().code.empty() && units_.back().prose.back() == ':') {
      units_.back().code = code;
      units_.back().language = language_;
    } else {
      units_.push_back({Unit::Kind::example, heading_, "", code, language_});
    }
  }

  void end_paragraph() {
    if (!paragraph_.empty()) units_.push_back({Unit::Kind::prose, heading_, paragraph_, "", ""});
    paragraph_.clear();
  }

  std::vector<Unit> units_;
  std::string heading_;
  std::string paragraph_;
  std::string language_;
  std::vector<std::string_view> code_;
  bool in_code_ = false;
};

// -- code

struct Comments {
  std::string_view line;  ///< the mark of a comment to the line's end
  std::string_view begin, end;
};

Comments comments_of(std::string_view path, std::string_view language) {
  for (const std::string_view hash : {"bash", "cmake", "dockerfile", "elixir", "julia", "makefile",
                                      "nix", "perl", "r", "ruby", "toml", "yaml", "graphql"}) {
    if (language == hash) return {"#", "", ""};
  }
  if (language == "python") return {"#", "\"\"\"", "\"\"\""};
  if (language == "sql" || language == "lua" || language == "haskell") return {"--", "", ""};
  if (language == "clojure" || language == "ini") return {";", "", ""};
  if (language == "html" || language == "xml") return {"", "<!--", "-->"};
  if (language == "json") return {};
  if (language.empty() && path.find('.') == std::string_view::npos) return {"#", "", ""};
  return {"//", "/*", "*/"};
}

/// Roughly: a line that introduces a name, in the languages that people write most.
bool is_definition(std::string_view line) {
  static constexpr std::array<std::string_view, 30> words = {
      "class ",     "struct ",    "enum ",   "union ",   "interface ", "trait ",
      "impl ",      "fn ",        "func ",   "def ",     "function ",  "type ",
      "module ",    "namespace ", "const ",  "static ",  "public ",    "private ",
      "protected ", "export ",    "async ",  "pub ",     "template",   "constexpr ",
      "inline ",    "virtual ",   "object ", "package ", "record ",    "using "};
  const std::string_view text = trimmed(line);
  for (const auto word : words) {
    if (begins_with(text, word)) return true;
  }
  // C and its kin: "Type name(" at the beginning of a line.
  const bool at_margin = !line.empty() && line[0] != ' ' && line[0] != '\t';
  const std::size_t bracket = text.find('(');
  return at_margin && bracket != std::string_view::npos && text.find(' ') < bracket &&
         text.find('=') > bracket && text.back() != ';';
}

/// Doxygen's, JSDoc's and other marks around a comment line's words.
std::string_view comment_words(std::string_view line, const Comments& comments) {
  std::string_view text = trimmed(line);
  if (begins_with(text, comments.begin)) text.remove_prefix(comments.begin.size());
  if (text.size() >= comments.end.size() && !comments.end.empty() &&
      text.substr(text.size() - comments.end.size()) == comments.end) {
    text.remove_suffix(comments.end.size());
  }
  if (begins_with(text, comments.line)) text.remove_prefix(comments.line.size());
  const std::size_t first = text.find_first_not_of("/*!#<-; \t");
  text = first == std::string_view::npos ? std::string_view() : trimmed(text.substr(first));
  for (const std::string_view tag : {"@brief ", "\\brief "}) {
    if (begins_with(text, tag)) text.remove_prefix(tag.size());
  }
  return text;
}

class CodeDivider {
 public:
  CodeDivider(std::string_view path, std::string_view language)
      : language_(language), comments_(comments_of(path, language)) {}

  std::vector<Unit> divide(std::string_view text) {
    for (const std::string_view line : lines_of(text)) take(line);
    end_unit();
    return std::move(units_);
  }

 private:
  void take(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (text.empty() && !in_comment_) return end_unit();
    if (is_comment(text)) {
      if (!code_.empty()) end_unit();
      const std::string_view words = comment_words(line, comments_);
      if (has_letter_or_digit(words)) append_sentence(comment_, words);
      return;
    }
    if (is_definition(line) && !code_.empty() && !is_definition(code_.back())) end_unit();
    code_.push_back(line);
    if (code_.size() == code_lines_most) end_unit();
  }

  bool is_comment(std::string_view text) {
    const bool begins = begins_with(text, comments_.begin);
    if (!in_comment_ && !begins) return begins_with(text, comments_.line);
    const std::size_t search_from = in_comment_ ? 0 : comments_.begin.size();
    in_comment_ = text.find(comments_.end, search_from) == std::string_view::npos;
    return true;
  }

  void end_unit() {
    std::vector<std::string_view> rest;
    if (!comment_.empty()) rest = take_body();
    push_unit();
    code_ = std::move(rest);
    push_unit();
  }

  void push_unit() {
    Unit unit;
    unit.language = language_;
    unit.prose = std::move(comment_);
    if (!unit.prose.empty()) {
      unit.kind = Unit::Kind::comment;
    } else if (!code_.empty() && is_definition(code_.front())) {
      unit.kind = Unit::Kind::definition;
    }
    if (!code_.empty()) unit.code = dedented(code_);
    if (!unit.prose.empty() || has_letter_or_digit(unit.code)) units_.push_back(std::move(unit));
    comment_.clear();
    code_.clear();
  }

  /// Of code after a comment, what follows the line that opens its body or ends its statement.
  std::vector<std::string_view> take_body() {
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const std::string_view text = trimmed(code_[i]);
      const char last = text.empty() ? ' ' : text.back();
      if (last != '{' && last != ';' && last != ':' && i + 1 < signature_lines_most) continue;
      const auto body = code_.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      std::vector<std::string_view> rest(body, code_.end());
      code_.erase(body, code_.end());
      return rest;
    }
    return {};
  }

  std::string language_;
  Comments comments_;
  std::vector<Unit> units_;
  std::string comment_;
  std::vector<std::string_view> code_;
  bool in_comment_ = false;
};

}  // namespace

std::vector<Unit> divide(const Passage& passage) {
  if (is_document(passage.path) || is_page_text(passage.path, passage.text))
    return DocumentDivider().divide(passage.text);
  return CodeDivider(passage.path, markdown::language_of(passage.path)).divide(passage.text);
}

}  // namespace weir::provider
