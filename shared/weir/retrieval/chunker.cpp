#include "weir/retrieval/chunker.hpp"

#include <algorithm>
#include <cstdlib>

#include "weir/retrieval/declarations.hpp"
#include "weir/text/html_page.hpp"
#include "weir/text/utf8.hpp"

namespace weir::retrieval {
namespace {

// Sizes in characters, costs in hundredths: integers, so that every build cuts alike.
constexpr std::uint32_t size_least = 500;
constexpr std::uint32_t size_wanted = 1400;
constexpr std::uint32_t size_most = 2200;
constexpr std::uint32_t monster_line = 8800;
constexpr int never = 1'000'000;

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;           ///< of its text, without the line end
  std::uint32_t number = 0;      ///< in the file, from 1
  std::uint32_t characters = 0;  ///< with the line end
  int cost = 0;                  ///< of beginning a chunk here
  bool blank = false;
};

bool is_comment_or_decorator(std::string_view text) {
  constexpr std::string_view starts[] = {"//", "/*", "#", "--", "@", "\"\"\"", ";;", "%"};
  for (const std::string_view start : starts) {
    if (text.starts_with(start)) return true;
  }
  return false;
}

/// Columns, a tab being worth four.
int indentation(std::string_view line) {
  int columns = 0;
  for (const char c : line) {
    if (c != ' ' && c != '\t') break;
    columns += c == '\t' ? 4 : 1;
  }
  return columns;
}

int code_cost(std::string_view line, bool opens, bool after_blank) {
  const std::string_view text = line.substr(line.find_first_not_of(" \t"));
  int cost = 30 * std::min(indentation(line), 20);
  if (!after_blank) cost += 300;
  if (opens) cost -= 100;
  if (after_blank && is_comment_or_decorator(text)) cost -= 50;
  if (text.front() == '}' || text.front() == ')' || text.front() == ']') cost += 300;
  return cost;
}

class Splitter {
 public:
  Splitter(std::string_view text, FileForm form, std::vector<std::string_view>* names)
      : text_(text), form_(form), names_(names) {
    form_ == FileForm::html ? read_lines<true>() : read_lines<false>();
    set_costs();
  }

  std::vector<Chunk> split() {
    std::uint32_t at = 0;
    while (at < lines_.size()) {
      if (lines_[at].blank) {
        ++at;
      } else if (lines_[at].characters > monster_line) {
        cut_monster(at++);
      } else {
        const std::uint32_t end = chunk_end(at);
        keep(at, end);
        at = end;
      }
    }
    return std::move(chunks_);
  }

 private:
  template <bool of_page>
  void read_lines() {
    const char* const text = text_.data();
    std::uint32_t number = 1;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      Line line{at, at, number, 1, 0, true};
      for (; at < text_.size() && text[at] != '\n'; ++at) {
        const char c = text[at];
        if (of_page && c == text::soft_break) break;
        line.characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        line.blank = line.blank && (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v');
      }
      line.end = at;
      if (of_page && line.blank) line.characters = 0;  // where markup stood
      if (!of_page || (at < text_.size() && text[at] == '\n')) ++number;
      lines_.push_back(line);
    }
  }

  std::string_view line_text(std::size_t i) const {
    std::string_view line(text_.data() + lines_[i].begin, lines_[i].end - lines_[i].begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  void set_costs() {
    bool fenced = false;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      Line& line = lines_[i];
      const bool after_blank = i == 0 || lines_[i - 1].blank;
      if (line.blank) {
        line.cost = never;
      } else if (is_prose(form_)) {
        const std::string_view text = line_text(i);
        if (text.starts_with("```")) fenced = !fenced;
        line.cost = fenced ? 700 : prose_cost(i, text, after_blank);
      } else {
        const Declaration found = declaration(line_text(i));
        if (names_ && !found.name.empty()) names_->push_back(found.name);
        line.cost = code_cost(line_text(i), found.opens, after_blank);
      }
    }
  }

  int prose_cost(std::size_t i, std::string_view text, bool after_blank) const {
    const std::string_view next = i + 1 < lines_.size() ? line_text(i + 1) : std::string_view();
    const Heading found = heading(form_, text, next);
    if (!found.text.empty()) return 30 * (found.level - 1);
    return after_blank ? 400 : 700;
  }

  /// The line after the chunk that begins at `first`.
  std::uint32_t chunk_end(std::uint32_t first) const {
    std::uint32_t size = 0, best = 0, last_fitting = first + 1;
    int best_cost = never;
    for (std::uint32_t end = first; end < lines_.size(); ++end) {
      if (lines_[end].characters > monster_line) return best != 0 && best_cost < never ? best : end;
      if (end > first && size >= size_least) {
        const int deviation = std::abs(static_cast<int>(size) - static_cast<int>(size_wanted));
        const int cost = lines_[end].cost + 200 * deviation / static_cast<int>(size_wanted);
        if (cost < best_cost) {
          best_cost = cost;
          best = end;
        }
      }
      size += lines_[end].characters;
      if (size > size_most) return best != 0 ? best : last_fitting;
      last_fitting = end + 1;
    }
    return static_cast<std::uint32_t>(lines_.size());
  }

  /// Keeps [first, end) without the blank lines at its end; its first line is not blank.
  void keep(std::uint32_t first, std::uint32_t end) {
    while (lines_[end - 1].blank) --end;
    chunks_.push_back(
        {lines_[first].begin, lines_[end - 1].end, lines_[first].number, lines_[end - 1].number});
  }

  void cut_monster(std::uint32_t at) {
    std::size_t begin = lines_[at].begin;
    const std::size_t end = lines_[at].end;
    while (begin < end) {
      std::size_t cut = begin;
      for (std::uint32_t count = 0; cut < end && count < size_most; ++count) {
        cut += text::decode(text_, cut).length;
      }
      chunks_.push_back({begin, cut, lines_[at].number, lines_[at].number});
      begin = cut;
    }
  }

  std::string_view text_;
  FileForm form_;
  std::vector<std::string_view>* names_;
  std::vector<Line> lines_;
  std::vector<Chunk> chunks_;
};

}  // namespace

std::vector<Chunk> split_chunks(std::string_view text, FileForm form,
                                std::vector<std::string_view>* names) {
  return Splitter(text, form, names).split();
}

}  // namespace weir::retrieval
