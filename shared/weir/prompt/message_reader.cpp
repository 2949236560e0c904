#include "weir/prompt/message_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace weir::prompt {
namespace {

using json::ValueView;

constexpr std::array<std::string_view, 5> message_members = {"role", "content", "refusal",
                                                             "tool_calls", "tool_call_id"};
constexpr std::array<std::string_view, 3> part_members = {"type", "text", "refusal"};
constexpr std::array<std::string_view, 3> call_members = {"id", "type", "function"};
constexpr std::array<std::string_view, 2> function_members = {"name", "arguments"};

/// One message after another, in one form.
class MessageReader {
 public:
  MessageReader(RequestReader& reader, RequestForm form)
      : reader_(reader), completion_(form == RequestForm::completion) {}

  Message read(ValueView value, std::size_t index) {
    index_ = index;
    Message out;
    json::Members members(message_members);
    members.read(value);
    if (!members.is_object()) reader_.fail(wrong(path(""), "an object"));
    read_role(reader_.required(members["role"], path("role")), out.role);
    if (completion_ && out.role == Role::assistant) {
      read_tool_calls(reader_.optional(members["tool_calls"]), out.tool_calls);
    }
    if (out.role == Role::tool) {
      const Path id = path("tool_call_id");
      reader_.short_text(reader_.required(members["tool_call_id"], id), id, out.tool_call_id);
    }
    read_content(members["content"], members["refusal"], out);
    return out;
  }

 private:
  Path path(std::string_view member) const { return {"messages", index_, member}; }

  void read_role(ValueView value, Role& out) {
    const std::string text = value.string();
    for (const Role role : {Role::system, Role::user, Role::assistant, Role::tool}) {
      if (text != name(role) || (role == Role::tool && !completion_)) continue;
      out = role;
      return;
    }
    if (completion_ && text == "developer") {
      out = Role::system;
      return;
    }
    reader_.fail(wrong(path("role"), completion_ ? "system, developer, user, assistant or tool"
                                                 : "system, user or assistant"));
  }

  /// A message that calls tools need not say anything, and one in which the model declined may have
  /// its words in another member.
  void read_content(ValueView value, ValueView refusal, Message& out) {
    const Path content = path("content");
    const std::size_t most = reader_.limits().message_bytes;
    if (completion_ && out.role == Role::assistant && !reader_.optional(value)) {
      if (reader_.optional(refusal)) {
        reader_.text(refusal, path("refusal"), most, out.content);
      } else if (out.tool_calls.empty()) {
        reader_.fail(missing(content));
      }
      return;
    }
    value = reader_.required(value, content);
    if (!completion_ || !value.is_array()) return reader_.text(value, content, most, out.content);
    read_parts(value, out.content);
    if (out.content.size() > most) reader_.fail(too_large(content, most, "bytes"));
  }

  void read_parts(ValueView value, std::string& out) {
    const std::vector<ValueView> parts =
        reader_.array(value, path("content"), reader_.limits().messages);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      json::Members part(part_members);
      part.read(parts[i]);
      const std::string type = part["type"].string();
      const ValueView text = type == "refusal" ? part["refusal"] : part["text"];
      if ((type != "text" && type != "refusal") || !text.is_string()) {
        return reader_.fail(
            {ErrorCode::invalid_request,
             Path{"messages", index_, "content", i}.text() + " is no part of the type text.",
             "Send text alone: the edge passes on no images, audio or files."});
      }
      out += text.string();
    }
  }

  void read_tool_calls(ValueView value, std::vector<ToolCall>& out) {
    if (!value) return;
    const auto calls = reader_.array(value, path("tool_calls"), reader_.limits().tools);
    for (std::size_t i = 0; i < calls.size() && !reader_.error(); ++i) {
      const auto at_member = [&](std::string_view member) {
        return Path{"messages", index_, "tool_calls", i, member};
      };
      json::Members call(call_members);
      json::Members function(function_members);
      call.read(calls[i]);
      function.read(call["function"]);
      if (!call.is_object() || !function.is_object() || call["type"].string() != "function") {
        return reader_.fail(wrong(at_member(""), "a call of the type function"));
      }
      ToolCall read;
      reader_.short_text(reader_.required(call["id"], at_member("id")), at_member("id"), read.id);
      reader_.short_text(reader_.required(function["name"], at_member("function.name")),
                         at_member("function.name"), read.name);
      reader_.text(reader_.required(function["arguments"], at_member("function.arguments")),
                   at_member("function.arguments"), reader_.limits().message_bytes, read.arguments);
      out.push_back(std::move(read));
    }
  }

  RequestReader& reader_;
  bool completion_;
  std::size_t index_ = 0;
};

/// deepwiki-open's last message is the question. OpenAI's messages go on behind it where tools were
/// called for it.
void check_question(RequestReader& reader, const std::vector<Message>& messages, RequestForm form) {
  if (messages.empty()) {
    return reader.fail(wrong(at("messages"), "an array with at least one message"));
  }
  std::size_t last = messages.size() - 1;
  if (form == RequestForm::completion) {
    while (last > 0 && messages[last].role != Role::user) --last;
  }
  if (messages[last].role != Role::user) {
    return reader.fail(
        form == RequestForm::completion
            ? wrong(at("messages"), "an array with a message of the role user")
            : wrong({"messages", last, "role"}, "user, since the last message is the question"));
  }
  if (is_blank(messages[last].content)) {
    reader.fail(wrong({"messages", last, "content"}, "the question, and not empty"));
  }
}

}  // namespace

void read_messages(RequestReader& reader, ValueView value, RequestForm form,
                   std::vector<Message>& out) {
  const Path path = at("messages");
  if (!reader.required(value, path)) return;
  const std::vector<ValueView> elements = reader.array(value, path, reader.limits().messages);
  if (reader.error()) return;
  out.reserve(elements.size());
  MessageReader messages(reader, form);
  for (std::size_t i = 0; i < elements.size() && !reader.error(); ++i) {
    out.push_back(messages.read(elements[i], i));
  }
  if (!reader.error()) check_question(reader, out, form);
}

}  // namespace weir::prompt
