#include "weir/wire/completion_settings.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "weir/json/json.hpp"
#include "weir/json/members.hpp"
#include "weir/prompt/request_reader.hpp"

namespace weir::wire {
namespace {

using json::ValueView;
using prompt::at;
using prompt::Path;
using prompt::RequestReader;
using prompt::wrong;

constexpr std::array<std::string_view, 13> setting_members = {"tools",
                                                              "tool_choice",
                                                              "parallel_tool_calls",
                                                              "temperature",
                                                              "top_p",
                                                              "frequency_penalty",
                                                              "presence_penalty",
                                                              "seed",
                                                              "max_completion_tokens",
                                                              "max_tokens",
                                                              "stop",
                                                              "reasoning_effort",
                                                              "response_format"};
constexpr std::array<std::string_view, 2> typed_members = {"type", "function"};
constexpr std::array<std::string_view, 4> function_members = {"name", "description", "parameters",
                                                              "strict"};
constexpr std::array<std::string_view, 1> choice_members = {"name"};
constexpr std::array<std::string_view, 2> format_members = {"type", "json_schema"};
constexpr std::array<std::string_view, 3> schema_members = {"name", "schema", "strict"};
constexpr std::array<std::string_view, 6> efforts = {"none",   "minimal", "low",
                                                     "medium", "high",    "xhigh"};

/// OpenAI's own rule for the names of functions and schemas.
bool is_plain_name(std::string_view name) {
  constexpr std::size_t most = 64;
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= most && std::all_of(name.begin(), name.end(), is_plain);
}

class SettingsReader {
 public:
  SettingsReader(const limits::Request& limits, prompt::ChatRequest& out)
      : reader_(limits), limits_(limits), out_(out) {}

  void read(std::string_view text) {
    json::Members root(setting_members);
    if (const auto parsed = root.parse(text, limits_.json_depth); !parsed) {
      return reader_.fail(parsed.error());
    }
    read_tools(root["tools"]);
    read_choice(root["tool_choice"]);
    reader_.boolean(root["parallel_tool_calls"], at("parallel_tool_calls"),
                    out_.tool_choice.parallel);
    prompt::Generation& generation = out_.generation;
    number(root["temperature"], "temperature", 0, 2, generation.temperature);
    number(root["top_p"], "top_p", 0, 1, generation.top_p);
    number(root["frequency_penalty"], "frequency_penalty", -2, 2, generation.frequency_penalty);
    number(root["presence_penalty"], "presence_penalty", -2, 2, generation.presence_penalty);
    read_seed(root["seed"]);
    read_answer_tokens(root["max_tokens"], "max_tokens");
    read_answer_tokens(root["max_completion_tokens"], "max_completion_tokens");
    read_stop(root["stop"]);
    read_effort(root["reasoning_effort"]);
    read_format(root["response_format"]);
  }

  Result<void> result() const {
    if (reader_.error()) return *reader_.error();
    return {};
  }

 private:
  // -- tools

  void read_tools(ValueView value) {
    if (!reader_.optional(value)) return;
    const auto tools = reader_.array(value, at("tools"), limits_.tools);
    for (std::size_t i = 0; i < tools.size() && !reader_.error(); ++i) read_tool(tools[i], i);
  }

  void read_tool(ValueView value, std::size_t index) {
    const auto path = [index](std::string_view member) { return Path{"tools", index, member}; };
    json::Members tool(typed_members);
    json::Members function(function_members);
    tool.read(value);
    function.read(tool["function"]);
    if (!tool.is_object() || !function.is_object() || tool["type"].string() != "function") {
      return reader_.fail(wrong(path(""), "a tool of the type function"));
    }
    prompt::Tool read;
    read.name = function["name"].string();
    if (!is_plain_name(read.name)) {
      return reader_.fail(
          wrong(path("function.name"), "letters, digits, _ and -, and at most 64 of them"));
    }
    reader_.text(reader_.optional(function["description"]), path("function.description"),
                 limits_.tool_bytes, read.description);
    schema(function["parameters"], path("function.parameters"), read.parameters);
    reader_.boolean(function["strict"], path("function.strict"), read.strict);
    out_.tools.push_back(std::move(read));
  }

  void schema(ValueView value, const Path& path, std::string& out) {
    if (!reader_.optional(value)) return;
    if (!value.is_object()) return reader_.fail(wrong(path, "a JSON Schema, which is an object"));
    if (value.text().size() > limits_.tool_bytes) {
      return reader_.fail(prompt::too_large(path, limits_.tool_bytes, "bytes"));
    }
    out = value.text();
  }

  void read_choice(ValueView value) {
    using Mode = prompt::ToolChoice::Mode;
    if (!reader_.optional(value)) return;
    prompt::ToolChoice& choice = out_.tool_choice;
    const std::string word = value.string();
    if (word == "none") {
      choice.mode = Mode::none;
    } else if (word == "required") {
      choice.mode = Mode::required;
    } else if (word != "auto") {
      json::Members typed(typed_members);
      json::Members function(choice_members);
      typed.read(value);
      function.read(typed["function"]);
      if (typed["type"].string() != "function" || !function["name"].is_string()) {
        return reader_.fail(
            wrong(at("tool_choice"), "none, auto, required, or a function's name as an object"));
      }
      choice.mode = Mode::named;
      choice.name = function["name"].string();
    }
    check_choice(choice);
  }

  void check_choice(const prompt::ToolChoice& choice) {
    const auto is_it = [&](const prompt::Tool& tool) { return tool.name == choice.name; };
    const bool named = choice.mode == prompt::ToolChoice::Mode::named;
    if (named && std::none_of(out_.tools.begin(), out_.tools.end(), is_it)) {
      reader_.fail(wrong(at("tool_choice"), "one of the tools"));
    } else if (choice.forces_a_call() && out_.tools.empty()) {
      reader_.fail(wrong(at("tool_choice"), "none or auto where there are no tools"));
    }
  }

  // -- how the answer is written

  void number(ValueView value, std::string_view member, int least, int most, std::string& out) {
    if (!reader_.optional(value)) return;
    const auto number =
        value.is_number() ? json::parse(value.text()) : Result<json::Value>(Error{});
    const double is = number && number->is_number() ? number->get<double>() : most + 1.0;
    if (is < least || is > most) {
      return reader_.fail(wrong(
          at(member), "a number from " + std::to_string(least) + " to " + std::to_string(most)));
    }
    out = value.text();
  }

  void read_seed(ValueView value) {
    constexpr std::int64_t none = INT64_MIN;
    if (!reader_.optional(value)) return;
    const std::int64_t seed = value.integer_or(none);
    if (!value.is_number() || seed == none) {
      return reader_.fail(wrong(at("seed"), "a whole number"));
    }
    out_.generation.seed = std::to_string(seed);
  }

  void read_answer_tokens(ValueView value, std::string_view member) {
    if (!reader_.optional(value)) return;
    const std::int64_t tokens = value.is_number() ? value.integer_or(0) : 0;
    if (tokens < 1 || tokens > UINT32_MAX) {
      return reader_.fail(wrong(at(member), "a whole number, from 1"));
    }
    out_.generation.answer_tokens = static_cast<std::uint32_t>(tokens);
  }

  void read_stop(ValueView value) {
    if (!reader_.optional(value)) return;
    const auto sequences = value.is_string()
                               ? std::vector<ValueView>{value}
                               : reader_.array(value, at("stop"), limits_.stop_sequences);
    for (const ValueView each : sequences) {
      std::string sequence;
      reader_.text(each, at("stop"), limits_.short_text_bytes, sequence);
      if (sequence.empty()) reader_.fail(wrong(at("stop"), "a string or an array of strings"));
      out_.generation.stop.push_back(std::move(sequence));
    }
  }

  void read_effort(ValueView value) {
    if (!reader_.optional(value)) return;
    out_.generation.reasoning_effort = value.string();
    if (std::find(efforts.begin(), efforts.end(), out_.generation.reasoning_effort) ==
        efforts.end()) {
      reader_.fail(wrong(at("reasoning_effort"), "none, minimal, low, medium, high or xhigh"));
    }
  }

  void read_format(ValueView value) {
    using Format = prompt::Generation::Format;
    if (!reader_.optional(value)) return;
    prompt::Generation& generation = out_.generation;
    json::Members format(format_members);
    format.read(value);
    const std::string type = format["type"].string();
    if (type == "json_object") {
      generation.format = Format::json_object;
    } else if (type == "json_schema") {
      generation.format = Format::json_schema;
      read_schema(format["json_schema"]);
    } else if (type != "text") {
      reader_.fail(wrong(at("response_format.type"), "text, json_object or json_schema"));
    }
  }

  void read_schema(ValueView value) {
    prompt::Generation& generation = out_.generation;
    json::Members members(schema_members);
    members.read(value);
    generation.format_name = members["name"].string();
    if (!is_plain_name(generation.format_name)) {
      reader_.fail(wrong(at("response_format.json_schema.name"),
                         "letters, digits, _ and -, and at most 64 of them"));
    }
    const Path path = at("response_format.json_schema.schema");
    schema(reader_.required(members["schema"], path), path, generation.format_schema);
    reader_.boolean(members["strict"], at("response_format.json_schema.strict"),
                    generation.format_strict);
  }

  RequestReader reader_;
  const limits::Request& limits_;
  prompt::ChatRequest& out_;
};

}  // namespace

Result<void> read_completion_settings(std::string_view json, const limits::Request& limits,
                                      prompt::ChatRequest& out) {
  SettingsReader reader(limits, out);
  reader.read(json);
  return reader.result();
}

}  // namespace weir::wire
