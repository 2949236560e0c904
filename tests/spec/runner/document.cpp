#include "spec/runner/document.hpp"

#include <optional>
#include <utility>

#include "spec/runner/words.hpp"

namespace weir::spec {

namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

class Reader {
 public:
  explicit Reader(std::string name) { document_.name = std::move(name); }

  Document read(std::string_view markdown) {
    while (!markdown.empty()) {
      const std::size_t end = markdown.find('\n');
      ++line_;
      take(markdown.substr(0, end));
      markdown.remove_prefix(end == std::string_view::npos ? markdown.size() : end + 1);
    }
    if (place_ == Place::block) problem("a block is not closed");
    if (document_.subject.empty()) problem("no front matter names a subject");
    close_case();
    return std::move(document_);
  }

 private:
  enum class Place { prose, front_matter, block };

  void take(std::string_view line) {
    switch (place_) {
      case Place::front_matter:
        return take_front_matter(line);
      case Place::block:
        return take_block_line(line);
      case Place::prose:
        return take_prose(line);
    }
  }

  void take_front_matter(std::string_view line) {
    if (line == "---") {
      place_ = Place::prose;
    } else if (starts_with(line, "subject: ")) {
      document_.subject = line.substr(9);
    } else {
      problem("front matter knows only \"subject: <name>\"");
    }
  }

  void take_prose(std::string_view line) {
    if (line_ == 1 && line == "---") {
      place_ = Place::front_matter;
    } else if (starts_with(line, "## ")) {
      close_case();
      document_.cases.push_back({std::string(line.substr(3)), line_, false, {}});
    } else if (starts_with(line, "```")) {
      open_block(line.substr(3));
    }
  }

  void open_block(std::string_view info) {
    place_ = Place::block;
    now_ = Instant{};
    if (document_.cases.empty()) return problem("a block stands before the first \"## \" heading");
    Case& current = document_.cases.back();
    if (!current.steps.empty()) problem("a case has one block");
    if (info == " every split") {
      current.every_split = true;
    } else if (!info.empty()) {
      problem("a block is ``` or ``` every split");
    }
  }

  void take_block_line(std::string_view line) {
    if (line == "```") {
      place_ = Place::prose;
      return;
    }
    if (line.empty() || line[0] == '#' || document_.cases.empty()) return;
    std::vector<Step>& steps = document_.cases.back().steps;
    if (starts_with(line, "> ")) {
      steps.push_back({Step::Kind::input, std::string(line.substr(2)), now_, {}});
    } else if (starts_with(line, "@ ")) {
      take_time(line.substr(2), steps);
    } else if (!starts_with(line, "< ")) {
      problem("a line of a block begins with \"> \", \"< \", \"@ \" or \"#\"");
    } else if (steps.empty()) {
      problem("output stands before any input");
    } else {
      steps.back().expected.emplace_back(line.substr(2));
    }
  }

  void take_time(std::string_view text, std::vector<Step>& steps) {
    const bool relative = starts_with(text, "+");
    const std::optional<Duration> span = duration(text.substr(relative ? 1 : 0));
    if (!span) return problem("a time is like 250ms, 1.5s, 10min, 1h or +1s");
    const Instant at = (relative ? now_ : Instant{}) + *span;
    if (at < now_) problem("time runs backwards");
    now_ = at;
    steps.push_back({Step::Kind::time, std::string(text), at, {}});
  }

  void close_case() {
    if (document_.cases.empty() || !document_.cases.back().steps.empty()) return;
    problem("the case \"" + document_.cases.back().title + "\" has no block");
  }

  void problem(std::string what) {
    document_.problems.push_back(document_.name + ":" + std::to_string(line_) + ": " +
                                 std::move(what));
  }

  Document document_;
  Place place_ = Place::prose;
  std::size_t line_ = 0;
  Instant now_;
};

}  // namespace

Document read_document(std::string name, std::string_view markdown) {
  return Reader(std::move(name)).read(markdown);
}

}  // namespace weir::spec
