#include "weir/prompt/cited_text.hpp"

#include <algorithm>
#include <utility>

namespace weir::prompt {
namespace {

constexpr std::string_view fence = "```";
/// No prompt has more passages than this has digits for.
constexpr std::size_t digits_most = 4;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Goes through the text once. Code is between fences, which begin their lines, or between equal
/// runs of backticks within a line (CommonMark 0.31, sections 4.5 and 6.1, in their common forms).
class Namer {
 public:
  Namer(std::string_view text, const std::vector<PassageRef>& passages)
      : text_(text), passages_(passages) {}

  CitedText name() {
    while (at_ < text_.size()) {
      if (at_line_start()) ticks_ = 0;
      if (at_line_start() && rest().starts_with(fence)) {
        fenced_ = !fenced_;
        take_line();
      } else if (fenced_) {
        take_line();
      } else if (text_[at_] == '`') {
        take_backticks();
      } else if (ticks_ > 0 || !take_citation()) {
        out_.text += text_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  bool at_line_start() const { return at_ == 0 || text_[at_ - 1] == '\n'; }

  void take(std::size_t bytes) {
    out_.text += text_.substr(at_, bytes);
    at_ += std::min(bytes, text_.size() - at_);
  }

  void take_line() {
    const std::size_t end = text_.find('\n', at_);
    take(end == std::string_view::npos ? text_.size() - at_ : end + 1 - at_);
  }

  void take_backticks() {
    const std::size_t end = text_.find_first_not_of('`', at_);
    const std::size_t run = (end == std::string_view::npos ? text_.size() : end) - at_;
    if (ticks_ == 0) {
      ticks_ = run;
    } else if (ticks_ == run) {
      ticks_ = 0;
    }
    take(run);
  }

  /// [2] or [1, 4]
  bool take_citation() {
    if (text_[at_] != '[' || (at_ > 0 && is_word(text_[at_ - 1]))) return false;
    std::vector<std::size_t> numbers;
    std::size_t end = at_;
    do {
      end = std::min(text_.find_first_not_of(' ', end + 1), text_.size());
      std::size_t number = 0;
      const std::size_t begin = end;
      while (end < text_.size() && is_digit(text_[end]) && end - begin < digits_most) {
        number = number * 10 + static_cast<std::size_t>(text_[end++] - '0');
      }
      if (number < 1 || number > passages_.size()) return false;
      numbers.push_back(number);
    } while (end < text_.size() && text_[end] == ',');
    if (end >= text_.size() || text_[end] != ']') return false;
    if (end + 1 < text_.size() && text_[end + 1] == '(') return false;
    for (const std::size_t number : numbers) cite(number - 1);
    at_ = end + 1;
    return true;
  }

  void cite(std::size_t index) {
    const PassageRef& passage = passages_[index];
    out_.text += "[" + passage.path + ":" + std::to_string(passage.start_line) + "-" +
                 std::to_string(passage.end_line) + "]";
    if (std::find(out_.cited.begin(), out_.cited.end(), index) == out_.cited.end()) {
      out_.cited.push_back(index);
    }
  }

  std::string_view text_;
  const std::vector<PassageRef>& passages_;
  CitedText out_;
  std::size_t at_ = 0;
  std::size_t ticks_ = 0;  ///< of the run that began code in this line
  bool fenced_ = false;
};

}  // namespace

CitedText name_citations(std::string_view text, const std::vector<PassageRef>& passages) {
  return Namer(text, passages).name();
}

}  // namespace weir::prompt
