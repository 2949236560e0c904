#include "search.hpp"

#include <algorithm>
#include <istream>
#include <list>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <utility>

#include "arguments.hpp"
#include "files.hpp"
#include "weir/json/json.hpp"
#include "weir/retrieval/search.hpp"
#include "weir/retrieval/whole_pack.hpp"
#include "weir/text/lines.hpp"

namespace weir::cli {
namespace {

using retrieval::Hit;

constexpr std::uint32_t shown_lines = 8;

constexpr std::string_view pack_ending = ".weir";

/// Packs read whole, and asked together.
class Packs {
 public:
  Result<void> open(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      auto bytes = read_file(name);
      if (!bytes) return bytes.error();
      auto pack = retrieval::WholePack::open(bytes_.emplace_back(*std::move(bytes)));
      if (!pack) return pack.error();
      packs_.push_back(*std::move(pack));
    }
    for (const auto& pack : packs_) views_.push_back(&*pack);
    names_ = names;
    return {};
  }

  Result<std::vector<Hit>> ask(std::string text, std::size_t limit,
                               std::vector<retrieval::QuestionEmbedding> embeddings) const {
    retrieval::Query query;
    query.text = std::move(text);
    query.limit = limit;
    query.embeddings = std::move(embeddings);
    return retrieval::search(views_, query);
  }

  std::span<const retrieval::Pack* const> views() const { return views_; }

  bool are_several() const { return names_.size() > 1; }
  const std::string& name_of(const Hit& hit) const { return names_[hit.pack]; }

 private:
  std::vector<std::string> names_;
  std::list<std::vector<std::uint8_t>> bytes_;
  std::vector<retrieval::WholePack> packs_;
  std::vector<const retrieval::Pack*> views_;
};

json::Value to_json(const Packs& packs, const std::vector<Hit>& hits, bool with_text) {
  json::Value list = json::Value::array();
  for (const Hit& hit : hits) {
    json::Value object = {{"path", hit.passage.path},
                          {"start_line", hit.passage.start_line},
                          {"end_line", hit.passage.end_line},
                          {"score", hit.score}};
    if (packs.are_several()) object["pack"] = packs.name_of(hit);
    if (with_text) {
      object["symbol"] = hit.symbol;
      object["found_by"] = {{"words", hit.found_by.words},
                            {"name", hit.found_by.name},
                            {"meaning", hit.found_by.meaning}};
      object["text"] = hit.passage.text;
    }
    list.push_back(std::move(object));
  }
  return list;
}

void print_hits(std::ostream& output, const Packs& packs, const std::vector<Hit>& hits) {
  for (const Hit& hit : hits) {
    if (packs.are_several()) output << packs.name_of(hit) << "  ";
    output << hit.passage.path << ':' << hit.passage.start_line << '-' << hit.passage.end_line;
    if (!hit.symbol.empty()) output << "  " << hit.symbol;
    output << "  (" << hit.score << ")\n";
    const text::LineMap lines(hit.passage.text);
    for (std::uint32_t line = 1; line <= lines.count() && line <= shown_lines; ++line) {
      output << "    " << lines.line(line) << '\n';
    }
    if (lines.count() > shown_lines) output << "    ...\n";
  }
}

int run_one(const Packs& packs, std::span<const std::string> words, const SearchCommand& command,
            std::ostream& output, std::ostream& errors) {
  std::string question;
  for (const std::string& word : words) question += (question.empty() ? "" : " ") + word;
  QuestionEmbedder embedder(command.questions, packs.views(), errors);
  auto embedded = embedder.embed({question});
  const auto hits = packs.ask(question, command.limit, std::move(embedded.front()));
  if (!hits) {
    print(errors, hits.error());
    return failure;
  }
  if (command.json) {
    output << json::write({{"hits", to_json(packs, *hits, true)}}) << '\n';
  } else {
    print_hits(output, packs, *hits);
    if (hits->empty()) errors << "weir: Nothing was found. Try other words.\n";
  }
  return success;
}

struct Asked {
  json::Value qid;
  std::string query;
};

/// Questions, one a line, in groups that are embedded together.
class Questions {
 public:
  explicit Questions(std::istream& input) : input_(input) {}

  /// The next ones, at most so many; none at the end. The first bad line is the last: error().
  std::vector<Asked> take(std::size_t most) {
    std::vector<Asked> group;
    for (std::string line; !error_ && group.size() < most && std::getline(input_, line);) {
      ++number_;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      const auto value = json::parse(line, 16);
      const json::Value* qid = value ? json::find(*value, "qid") : nullptr;
      const json::Value* query = value ? json::find(*value, "query") : nullptr;
      if (qid && query && query->is_string()) {
        group.push_back({*qid, query->get<std::string>()});
      } else {
        error_ = Error{ErrorCode::invalid_request,
                       "Line " + std::to_string(number_) + " is no question.",
                       "Each line is an object with \"qid\" and \"query\"."};
      }
    }
    return group;
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  std::istream& input_;
  std::size_t number_ = 0;
  std::optional<Error> error_;
};

/// The first bad line ends the run.
int run_batch(const Packs& packs, const SearchCommand& command, std::istream& input,
              std::ostream& output, std::ostream& errors) {
  constexpr std::size_t embedded_together = 100;
  QuestionEmbedder embedder(command.questions, packs.views(), errors);
  Questions questions(input);
  for (;;) {
    // Where there is nothing to gather for, each is answered as it comes.
    std::vector<Asked> group = questions.take(embedder.has_work() ? embedded_together : 1);
    if (group.empty()) break;
    std::vector<std::string> texts;
    for (const Asked& asked : group) texts.push_back(asked.query);
    auto embedded = embedder.embed(texts);
    for (std::size_t i = 0; i < group.size(); ++i) {
      const auto hits = packs.ask(std::move(texts[i]), command.limit, std::move(embedded[i]));
      if (!hits) {
        print(errors, hits.error());
        return failure;
      }
      output << json::write({{"qid", group[i].qid}, {"hits", to_json(packs, *hits, false)}})
             << '\n';
    }
  }
  if (questions.error()) {
    print(errors, *questions.error());
    return failure;
  }
  output.flush();
  return success;
}

}  // namespace

int run_search(const SearchCommand& command, std::istream& input, std::ostream& output,
               std::ostream& errors) {
  const std::vector<std::string>& arguments = command.arguments;
  const auto first_word =
      std::find_if(arguments.begin() + !arguments.empty(), arguments.end(),
                   [](const std::string& word) { return !word.ends_with(pack_ending); });
  const std::span<const std::string> words(first_word, arguments.end());
  if (command.batch != words.empty()) {
    print(errors,
          {ErrorCode::invalid_request,
           command.batch ? "With --batch, the questions are read." : "There is no question.",
           "Use: weir search PACK... QUERY, or weir search PACK... --batch."});
    return bad_usage;
  }
  Packs packs;
  if (const auto opened = packs.open({arguments.begin(), first_word}); !opened) {
    print(errors, opened.error());
    return failure;
  }
  return command.batch ? run_batch(packs, command, input, output, errors)
                       : run_one(packs, words, command, output, errors);
}

}  // namespace weir::cli
