#include "search.hpp"

#include <istream>
#include <ostream>

#include "arguments.hpp"
#include "files.hpp"
#include "weir/json/json.hpp"
#include "weir/retrieval/search.hpp"
#include "weir/text/lines.hpp"

namespace weir::cli {
namespace {

using retrieval::Hit;

constexpr std::uint32_t shown_lines = 8;

json::Value to_json(const std::vector<Hit>& hits, bool with_text) {
  json::Value list = json::Value::array();
  for (const Hit& hit : hits) {
    json::Value object = {{"path", hit.passage.path},
                          {"start_line", hit.passage.start_line},
                          {"end_line", hit.passage.end_line},
                          {"score", hit.score}};
    if (with_text) {
      object["symbol"] = hit.symbol;
      object["text"] = hit.passage.text;
    }
    list.push_back(std::move(object));
  }
  return list;
}

void print_hits(std::ostream& output, const std::vector<Hit>& hits) {
  for (const Hit& hit : hits) {
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

Result<std::vector<Hit>> ask(const retrieval::Pack& pack, std::string text, std::size_t limit) {
  retrieval::Query query;
  query.text = std::move(text);
  query.limit = limit;
  return retrieval::search(pack, query);
}

int run_one(const retrieval::Pack& pack, const SearchCommand& command, std::ostream& output,
            std::ostream& errors) {
  std::string question;
  for (const std::string& word : command.query) question += (question.empty() ? "" : " ") + word;
  const auto hits = ask(pack, question, command.limit);
  if (!hits) {
    print(errors, hits.error());
    return failure;
  }
  if (command.json) {
    output << json::write({{"hits", to_json(*hits, true)}}) << '\n';
  } else {
    print_hits(output, *hits);
    if (hits->empty()) errors << "weir: Nothing was found. Try other words.\n";
  }
  return success;
}

/// The first bad line ends the run.
int run_batch(const retrieval::Pack& pack, const SearchCommand& command, std::istream& input,
              std::ostream& output, std::ostream& errors) {
  std::size_t number = 0;
  for (std::string line; std::getline(input, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto value = json::parse(line, 16);
    const json::Value* qid = value ? json::find(*value, "qid") : nullptr;
    const json::Value* query = value ? json::find(*value, "query") : nullptr;
    if (!qid || !query || !query->is_string()) {
      print(errors,
            {ErrorCode::invalid_request, "Line " + std::to_string(number) + " is no question.",
             "Each line is an object with \"qid\" and \"query\"."});
      return failure;
    }
    const auto hits = ask(pack, query->get<std::string>(), command.limit);
    if (!hits) {
      print(errors, hits.error());
      return failure;
    }
    output << json::write({{"qid", *qid}, {"hits", to_json(*hits, false)}}) << '\n';
  }
  output.flush();
  return success;
}

}  // namespace

int run_search(const SearchCommand& command, std::istream& input, std::ostream& output,
               std::ostream& errors) {
  if (!command.batch && command.query.empty()) {
    print(errors, {ErrorCode::invalid_request, "There is no question.",
                   "Use: weir search PACK QUERY, or --batch."});
    return bad_usage;
  }
  const auto bytes = read_file(command.pack);
  if (!bytes) {
    print(errors, bytes.error());
    return failure;
  }
  const auto pack = retrieval::Pack::open(*bytes);
  if (!pack) {
    print(errors, pack.error());
    return failure;
  }
  return command.batch ? run_batch(*pack, command, input, output, errors)
                       : run_one(*pack, command, output, errors);
}

}  // namespace weir::cli
