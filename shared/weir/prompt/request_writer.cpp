#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/prompt/request.hpp"

namespace weir::prompt {
namespace {

/// Writes an object's members one behind the other.
class Writer {
 public:
  void text(std::string_view member, std::string_view text) {
    name(member);
    json::append_string(out_, text);
  }
  void text_unless_empty(std::string_view member, std::string_view text_to_write) {
    if (!text_to_write.empty()) text(member, text_to_write);
  }
  void number(std::string_view member, std::uint32_t number) {
    name(member);
    out_ += std::to_string(number);
  }
  void strings_unless_empty(std::string_view member, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    list(member, texts, [this](const std::string& text) { json::append_string(out_, text); });
  }
  void raw(std::string_view member, std::string_view json) {
    name(member);
    out_ += json;
  }
  void raw_unless_empty(std::string_view member, std::string_view json) {
    if (!json.empty()) raw(member, json);
  }
  template <class Item, class Write>
  void list(std::string_view member, const std::vector<Item>& items, Write write) {
    name(member);
    out_ += '[';
    for (const Item& item : items) {
      if (&item != &items.front()) out_ += ',';
      write(item);
    }
    out_ += ']';
  }
  template <class Write>
  void object(std::string_view member, Write write) {
    name(member);
    object(write);
  }
  template <class Write>
  void object(Write write) {
    out_ += '{';
    first_ = true;
    write();
    out_ += '}';
    first_ = false;
  }
  std::string take() { return std::move(out_); }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }

 private:
  void name(std::string_view member) {
    if (!std::exchange(first_, false)) out_ += ',';
    out_ += '"';
    out_ += member;
    out_ += "\":";
  }

  std::string out_;
  bool first_ = true;
};

void write_tool_calls(Writer& writer, const std::vector<ToolCall>& calls) {
  writer.list("tool_calls", calls, [&](const ToolCall& call) {
    writer.object([&] {
      writer.text("id", call.id);
      writer.text("type", "function");
      writer.object("function", [&] {
        writer.text("name", call.name);
        writer.text("arguments", call.arguments);
      });
    });
  });
}

void write_tools(Writer& writer, const std::vector<Tool>& tools) {
  writer.list("tools", tools, [&](const Tool& tool) {
    writer.object([&] {
      writer.text("type", "function");
      writer.object("function", [&] {
        writer.text("name", tool.name);
        writer.text_unless_empty("description", tool.description);
        writer.raw_unless_empty("parameters", tool.parameters);
        if (tool.strict) writer.raw("strict", "true");
      });
    });
  });
}

void write_tool_choice(Writer& writer, const ToolChoice& choice) {
  using Mode = ToolChoice::Mode;
  if (choice.mode == Mode::none) writer.text("tool_choice", "none");
  if (choice.mode == Mode::required) writer.text("tool_choice", "required");
  if (choice.mode == Mode::named) {
    writer.object("tool_choice", [&] {
      writer.text("type", "function");
      writer.object("function", [&] { writer.text("name", choice.name); });
    });
  }
  if (!choice.parallel) writer.raw("parallel_tool_calls", "false");
}

void write_format(Writer& writer, const Generation& generation) {
  using Format = Generation::Format;
  if (generation.format == Format::text) return;
  writer.object("response_format", [&] {
    if (generation.format == Format::json_object) return writer.text("type", "json_object");
    writer.text("type", "json_schema");
    writer.object("json_schema", [&] {
      writer.text("name", generation.format_name);
      writer.raw("schema", generation.format_schema);
      if (generation.format_strict) writer.raw("strict", "true");
    });
  });
}

void write_generation(Writer& writer, const Generation& generation) {
  writer.raw_unless_empty("temperature", generation.temperature);
  writer.raw_unless_empty("top_p", generation.top_p);
  writer.raw_unless_empty("frequency_penalty", generation.frequency_penalty);
  writer.raw_unless_empty("presence_penalty", generation.presence_penalty);
  writer.raw_unless_empty("seed", generation.seed);
  if (generation.answer_tokens) {
    writer.number("max_completion_tokens", *generation.answer_tokens);
  }
  writer.strings_unless_empty("stop", generation.stop);
  writer.text_unless_empty("reasoning_effort", generation.reasoning_effort);
  write_format(writer, generation);
}

void write_research(Writer& writer, const ResearchTurn& turn) {
  writer.object("research", [&] {
    writer.text("stage", name(turn.stage));
    writer.number("turn", turn.number);
    writer.strings_unless_empty("queries", turn.queries);
  });
}

void write_members(Writer& writer, const ChatRequest& request) {
  writer.text_unless_empty("repo_url", request.repo_url);
  writer.list("messages", request.messages, [&](const Message& message) {
    writer.object([&] {
      writer.text("role", name(message.role));
      writer.text("content", message.content);
      if (!message.tool_calls.empty()) write_tool_calls(writer, message.tool_calls);
      writer.text_unless_empty("tool_call_id", message.tool_call_id);
    });
  });
  writer.text_unless_empty("filePath", request.file_path);
  writer.text_unless_empty("token", request.token);
  writer.text_unless_empty("type", request.repo_type);
  writer.text_unless_empty("provider", request.provider);
  writer.text_unless_empty("model", request.model);
  writer.text_unless_empty("language", request.language);
  writer.strings_unless_empty("excluded_dirs", request.excluded_dirs);
  writer.strings_unless_empty("excluded_files", request.excluded_files);
  writer.strings_unless_empty("included_dirs", request.included_dirs);
  writer.strings_unless_empty("included_files", request.included_files);
  const auto write_passage = [&](const Passage& passage) {
    writer.text("path", passage.path);
    writer.number("start_line", passage.start_line);
    writer.number("end_line", passage.end_line);
    writer.text("text", passage.text);
  };
  if (request.context) {
    writer.list("context", *request.context,
                [&](const Passage& passage) { writer.object([&] { write_passage(passage); }); });
  }
  if (request.file) writer.object("file", [&] { write_passage(*request.file); });
  if (request.research) write_research(writer, *request.research);
  writer.text_unless_empty("priority", request.priority);
  if (request.no_cache) writer.raw("no_cache", "true");
  if (!request.tools.empty()) write_tools(writer, request.tools);
  write_tool_choice(writer, request.tool_choice);
  write_generation(writer, request.generation);
}

}  // namespace

std::string write_request(const ChatRequest& request) {
  constexpr std::size_t short_request = 512;
  Writer writer;
  writer.reserve(short_request);
  writer.object([&] { write_members(writer, request); });
  return writer.take();
}

}  // namespace weir::prompt
