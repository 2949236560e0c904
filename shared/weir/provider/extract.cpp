#include "weir/provider/extract.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "weir/provider/markdown.hpp"
#include "weir/provider/question.hpp"
#include "weir/provider/units.hpp"
#include "weir/text/utf8.hpp"

namespace weir::provider {
namespace {

constexpr std::size_t passages_read_most = 16;
constexpr std::size_t points_most = 5;
constexpr std::size_t prose_bytes_most = 420;
constexpr std::size_t prose_bytes_enough = 140;  ///< shorter ones take a neighbouring sentence

constexpr std::string_view lead =
    "These are the passages that fit the question best; no language model is configured.\n";

constexpr std::string_view nothing_found =
    "No passage of this repository fits the question, and no language model is configured that "
    "could say more.\n\nTry other words: names of files, functions or settings find most. If the "
    "repository was filtered by folders or files, widen the filters; if it is not indexed yet, "
    "index it first.\n";

/// One thing the answer says.
struct Point {
  std::size_t passage = 0;  ///< cited as [passage + 1]
  Unit unit;
  std::uint64_t score = 0;
};

/// What reads well counts more than what has to be worked out; better ranks count more.
std::uint64_t weigh(const Unit& unit, std::size_t rank, const Question& question) {
  std::uint64_t factor = 0;
  switch (unit.kind) {
    case Unit::Kind::prose:
    case Unit::Kind::comment:
      factor = 5;
      break;
    case Unit::Kind::example:
    case Unit::Kind::definition:
      factor = 4;
      break;
    case Unit::Kind::code:
      factor = 2;
      break;
  }
  const std::uint64_t score =
      3 * question.score(unit.prose + "\n" + unit.code) + 2 * question.score(unit.heading);
  return score * factor * (2 * passages_read_most - rank);
}

/// Licence headers share words with any question about licences and answer none.
bool is_boilerplate(const Unit& unit) {
  return unit.kind == Unit::Kind::comment && (unit.prose.find("Copyright") != std::string::npos ||
                                              unit.prose.find("SPDX-License") != std::string::npos);
}

bool overlap(const Passage& a, const Passage& b) {
  return a.path == b.path && a.start_line <= b.end_line && b.start_line <= a.end_line;
}

/// Each passage's best unit, best first.
std::vector<Point> rank_points(const prompt::Prompt& prompt, const Question& question) {
  std::vector<Point> points;
  const std::size_t passages = std::min(prompt.passages.size(), passages_read_most);
  for (std::size_t i = 0; i < passages; ++i) {
    Point best;
    for (Unit& unit : divide(prompt.passages[i])) {
      if (is_boilerplate(unit)) continue;
      const std::uint64_t score = weigh(unit, i, question);
      if (!best.unit.prose.empty() || !best.unit.code.empty()) {
        if (score <= best.score) continue;
      }
      best = {i, std::move(unit), score};
    }
    if (!best.unit.prose.empty() || !best.unit.code.empty()) points.push_back(std::move(best));
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.score > b.score; });
  return points;
}

/// The best points, without what repeats another or hardly touches the question. Where no word of
/// the question is found (it may be in another language) the retrieval's order stands.
std::vector<Point> choose_points(const prompt::Prompt& prompt, const Question& question) {
  std::vector<Point> chosen;
  for (Point& point : rank_points(prompt, question)) {
    if (chosen.size() == points_most) break;
    if (chosen.size() >= 3 && point.score * 3 < chosen.front().score) break;
    const bool repeats = std::any_of(chosen.begin(), chosen.end(), [&](const Point& other) {
      return overlap(prompt.passages[point.passage], prompt.passages[other.passage]) ||
             (point.unit.prose == other.unit.prose && point.unit.code == other.unit.code);
    });
    if (!repeats) chosen.push_back(std::move(point));
  }
  return chosen;
}

std::vector<std::string_view> sentences_of(std::string_view text) {
  std::vector<std::string_view> sentences;
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const bool latin = (text[i] == '.' || text[i] == '!' || text[i] == '?') && text[i + 1] == ' ';
    const bool ideographic = text.substr(i, 3) == "\xE3\x80\x82";
    if (!latin && !ideographic) continue;
    if (latin && i + 2 < text.size() && text[i + 2] >= 'a' && text[i + 2] <= 'z') continue;
    const std::size_t end = i + (latin ? 1 : 3);
    sentences.push_back(text.substr(begin, end - begin));
    begin = std::min(text.size(), latin ? end + 1 : end);
    i = end - 1;
  }
  if (begin < text.size()) sentences.push_back(text.substr(begin));
  return sentences;
}

std::string shortened(std::string_view text) {
  if (text.size() <= prose_bytes_most) return std::string(text);
  std::string_view cut = text.substr(0, text::utf8_floor(text, prose_bytes_most));
  if (const std::size_t blank = cut.find_last_of(' ');
      blank != std::string_view::npos && blank > prose_bytes_most / 2) {
    cut = cut.substr(0, blank);
  }
  return std::string(cut) + " \xE2\x80\xA6";  // an ellipsis
}

/// The sentence that fits the question best, with neighbours while there is room.
std::string best_sentences(std::string_view text, const Question& question) {
  if (text.size() <= prose_bytes_most) return std::string(text);
  const std::vector<std::string_view> sentences = sentences_of(text);
  std::size_t first = 0;
  std::uint64_t best = 0;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const std::uint64_t score = question.score(sentences[i]);
    if (score > best) {
      best = score;
      first = i;
    }
  }
  std::string out(sentences[first]);
  for (std::size_t i = first + 1; i < sentences.size() && out.size() < prose_bytes_enough; ++i) {
    if (out.size() + sentences[i].size() > prose_bytes_most) break;
    out += ' ';
    out += sentences[i];
  }
  return shortened(out);
}

std::string citation(const Point& point) {
  return "[" + std::to_string(point.passage + 1) + "]";
}

void write_point(std::string& out, const Point& point, const Question& question) {
  const std::string prose = markdown::prose(best_sentences(point.unit.prose, question));
  const std::string heading = markdown::prose(point.unit.heading);
  if (prose.empty()) {
    out += (heading.empty() ? "Code" : "*" + heading + "*") + " " + citation(point) + ":\n";
  } else {
    if (!heading.empty()) out += "*" + heading + "*: ";
    out += prose + " " + citation(point) + "\n";
  }
  if (!point.unit.code.empty()) {
    out += "\n" + markdown::code_block(point.unit.code, point.unit.language);
  }
  out += "\n";
}

std::string line_range(const Passage& passage) {
  return passage.start_line == passage.end_line
             ? "line " + std::to_string(passage.start_line)
             : "lines " + std::to_string(passage.start_line) + "\xE2\x80\x93" +
                   std::to_string(passage.end_line);
}

std::string compose(const prompt::Prompt& prompt) {
  const Question question(prompt.question, prompt.passages);
  std::vector<Point> points = choose_points(prompt, question);
  if (points.empty()) return std::string(nothing_found);

  std::string out(lead);
  out += "\n";
  std::vector<bool> written(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (written[i]) continue;
    const Passage& passage = prompt.passages[points[i].passage];
    out += "**" + markdown::code_span(passage.path) + "**, " + line_range(passage) + "\n\n";
    for (std::size_t j = i; j < points.size(); ++j) {
      if (written[j] || prompt.passages[points[j].passage].path != passage.path) continue;
      written[j] = true;
      write_point(out, points[j], question);
    }
  }
  out.pop_back();
  return out;
}

/// A few words at a time, as a model's answer comes.
class ExtractStream : public LocalStream {
 public:
  explicit ExtractStream(std::string text) : text_(std::move(text)) {}

  stream::Event next() override {
    if (at_ == text_.size()) return stream::Done{"stop"};
    const std::size_t end = piece_end();
    std::string piece = text_.substr(at_, end - at_);
    at_ = end;
    return stream::Delta{std::move(piece)};
  }

 private:
  std::size_t piece_end() const {
    constexpr std::size_t blanks_most = 4;
    constexpr std::size_t bytes_most = 64;
    const std::string_view rest = std::string_view(text_).substr(at_);
    std::size_t blanks = 0;
    for (std::size_t i = 0; i < rest.size() && i < bytes_most; ++i) {
      if ((rest[i] == ' ' || rest[i] == '\n') && ++blanks == blanks_most) return at_ + i + 1;
    }
    return at_ + text::utf8_floor(rest, bytes_most);
  }

  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string compose_extract(const prompt::Prompt& prompt) {
  std::string out;
  text::append_replaced(out, compose(prompt));
  return out;
}

std::unique_ptr<LocalStream> extract_answer(const prompt::Prompt& prompt) {
  return std::make_unique<ExtractStream>(compose_extract(prompt));
}

}  // namespace weir::provider
