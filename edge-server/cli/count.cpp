#include "count.hpp"

#include <istream>
#include <iterator>
#include <ostream>
#include <vector>

#include "vocabularies.hpp"
#include "weir/json/json.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::cli {
namespace {

constexpr int success = 0;
constexpr int bad_input = 2;

struct Options {
  tokens::EncodingName encoding = tokens::EncodingName::o200k_base;
  bool jsonl = false;
};

Error invalid(std::string message, std::string hint) {
  return {ErrorCode::invalid_request, std::move(message), std::move(hint)};
}

Result<Options> parse_options(std::span<const std::string> arguments) {
  constexpr std::string_view encoding_is = "--encoding=";
  const char* const usage = "Use: weir count [--encoding cl100k_base|o200k_base|qwen3] [--jsonl]";
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (argument == "--jsonl") {
      options.jsonl = true;
      continue;
    }
    const bool separate = argument == "--encoding" && i + 1 < arguments.size();
    if (!separate && !argument.starts_with(encoding_is)) {
      return invalid("The argument \"" + arguments[i] + "\" is not understood.", usage);
    }
    argument = separate ? std::string_view(arguments[++i]) : argument.substr(encoding_is.size());
    const auto encoding = tokens::encoding_name(argument);
    if (!encoding) {
      return invalid("There is no encoding \"" + std::string(argument) + "\" here.", usage);
    }
    options.encoding = *encoding;
  }
  return options;
}

Result<std::string> text_of_line(const std::string& line) {
  const Result<json::Value> value = json::parse(line);
  if (!value) return value.error();
  const json::Value* text = json::find(*value, "text");
  if (!text || !text->is_string()) {
    return invalid("There is no string \"text\".",
                   "Write one object {\"text\":\"...\"} on each line.");
  }
  return text->get<std::string>();
}

void report(std::ostream& errors, const Error& error) {
  errors << name(error.code) << ": " << error.message;
  if (!error.hint.empty()) errors << ' ' << error.hint;
  errors << '\n';
}

int count_lines(const tokens::Encoding& encoding, std::istream& input, std::ostream& output,
                std::ostream& errors) {
  std::string line;
  std::vector<tokens::Token> ids;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    const Result<std::string> text = text_of_line(line);
    if (!text) {
      errors << "line " << number << ": ";
      report(errors, text.error());
      return bad_input;
    }
    ids.clear();
    encoding.encode(*text, ids);
    output << "{\"n\":" << ids.size() << ",\"ids\":[";
    for (std::size_t i = 0; i < ids.size(); ++i) output << (i > 0 ? "," : "") << ids[i];
    output << "]}\n";
  }
  return success;
}

}  // namespace

int run_count(std::span<const std::string> arguments, std::istream& input, std::ostream& output,
              std::ostream& errors) {
  const Result<Options> options = parse_options(arguments);
  if (!options) {
    report(errors, options.error());
    return bad_input;
  }
  const auto encoding = tokens::Encoding::load(edge::vocabulary(options->encoding));
  if (!encoding) {
    report(errors, encoding.error());
    return bad_input;
  }
  if (options->jsonl) return count_lines(*encoding, input, output, errors);
  const std::string text{std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
  output << encoding->count(text) << '\n';
  return success;
}

}  // namespace weir::cli
