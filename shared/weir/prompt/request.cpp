#include "weir/prompt/request.hpp"

#include <array>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/prompt/filter_list.hpp"

namespace weir::prompt {
namespace {

using json::Value;

constexpr std::array<std::pair<Role, std::string_view>, 3> role_names = {{
    {Role::system, "system"},
    {Role::user, "user"},
    {Role::assistant, "assistant"},
}};

constexpr std::array<std::string_view, 3> priorities = {"interactive", "research", "batch"};

std::string element(std::string_view array, std::size_t index) {
  return std::string(array) + "[" + std::to_string(index) + "]";
}

Error wrong(std::string_view path, std::string_view expected) {
  return {ErrorCode::invalid_request, std::string(path) + " must be " + std::string(expected) + ".",
          "Correct this member of the request and ask again."};
}

Error missing(std::string_view path) {
  return {ErrorCode::invalid_request, std::string(path) + " is missing.",
          "Add this member to the request and ask again."};
}

Error too_large(std::string_view path, std::size_t most, std::string_view unit) {
  return {
      ErrorCode::request_too_large,
      std::string(path) + " is larger than " + std::to_string(most) + " " + std::string(unit) + ".",
      "Send less and ask again."};
}

bool has_control_character(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return true;
  }
  return false;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

/// Reads members one after another and keeps the first error; after it, reads do nothing.
class Reader {
 public:
  explicit Reader(const limits::Request& limits) : limits_(limits) {}

  const std::optional<Error>& error() const { return error_; }

  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  /// The member, or nullptr where it is absent or null.
  const Value* optional(const Value& object, std::string_view member) {
    const Value* value = json::find(object, member);
    return error_ || !value || value->is_null() ? nullptr : value;
  }

  const Value* required(const Value& object, std::string_view member, const std::string& path) {
    const Value* value = optional(object, member);
    if (!value) fail(missing(path));
    return error_ ? nullptr : value;
  }

  void text(const Value& value, const std::string& path, std::size_t bytes_most, std::string& out) {
    if (error_) return;
    if (!value.is_string()) return fail(wrong(path, "a string"));
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > bytes_most) return fail(too_large(path, bytes_most, "bytes"));
    out = text;
  }

  /// One line of text: these stand in headers, logs and the prompt's own lines.
  void short_text(const Value& value, const std::string& path, std::string& out) {
    text(value, path, limits_.short_text_bytes, out);
    if (has_control_character(out)) fail(wrong(path, "one line without control characters"));
  }

  void optional_short_text(const Value& object, const std::string& member, std::string& out) {
    if (const Value* value = optional(object, member)) short_text(*value, member, out);
  }

  void line_number(const Value& object, std::string_view member, const std::string& path,
                   std::uint32_t& out) {
    if (!required(object, member, path)) return;
    const std::int64_t number = json::integer_or(object, member, 0);
    if (number < 1 || number > UINT32_MAX) return fail(wrong(path, "a line number, from 1"));
    out = static_cast<std::uint32_t>(number);
  }

  /// The elements of an array with at most `most` of them.
  const Value* array(const Value& value, const std::string& path, std::size_t most) {
    if (!value.is_array()) {
      fail(wrong(path, "an array"));
    } else if (value.size() > most) {
      fail(too_large(path, most, "elements"));
    }
    return error_ ? nullptr : &value;
  }

  void messages(const Value& root, std::vector<Message>& out) {
    const Value* value = required(root, "messages", "messages");
    if (!value || !array(*value, "messages", limits_.messages)) return;
    for (std::size_t i = 0; i < value->size() && !error_; ++i) {
      out.push_back(message((*value)[i], element("messages", i)));
    }
    if (!error_) last_message(out);
  }

  void context(const Value& root, std::optional<std::vector<Passage>>& out) {
    const Value* value = optional(root, "context");
    if (!value || !array(*value, "context", limits_.passages)) return;
    out.emplace();
    for (std::size_t i = 0; i < value->size() && !error_; ++i) {
      out->push_back(passage((*value)[i], element("context", i)));
    }
  }

  void filter(const Value& root, const std::string& member, std::vector<std::string>& out) {
    const Value* value = optional(root, member);
    if (!value) return;
    if (value->is_string()) {
      std::string list;
      text(*value, member, limits_.globs_bytes, list);
      out = split_filter_list(list);
    } else if (value->is_array()) {
      filter_array(*value, member, out);
    } else {
      fail(wrong(member, "an array of strings or one string"));
    }
  }

  void research(const Value& root, bool& out) {
    const Value* value = optional(root, "research");
    if (!value) return;
    if (!value->is_boolean()) return fail(wrong("research", "true or false"));
    out = value->get<bool>();
  }

  void priority(const Value& root, std::string& out) {
    optional_short_text(root, "priority", out);
    if (out.empty()) return;
    for (const auto known : priorities) {
      if (out == known) return;
    }
    fail(wrong("priority", "interactive, research or batch"));
  }

 private:
  Message message(const Value& value, const std::string& path) {
    Message out;
    if (!value.is_object()) {
      fail(wrong(path, "an object"));
      return out;
    }
    if (const Value* role = required(value, "role", path + ".role")) {
      read_role(*role, path + ".role", out.role);
    }
    if (const Value* content = required(value, "content", path + ".content")) {
      text(*content, path + ".content", limits_.message_bytes, out.content);
    }
    return out;
  }

  void read_role(const Value& value, const std::string& path, Role& out) {
    for (const auto& [role, role_name] : role_names) {
      if (value == role_name) {
        out = role;
        return;
      }
    }
    fail(wrong(path, "system, user or assistant"));
  }

  void last_message(const std::vector<Message>& messages) {
    if (messages.empty()) return fail(wrong("messages", "an array with at least one message"));
    const std::string path = element("messages", messages.size() - 1);
    if (messages.back().role != Role::user) {
      return fail(wrong(path + ".role", "user, since the last message is the question"));
    }
    if (is_blank(messages.back().content)) {
      fail(wrong(path + ".content", "the question, and not empty"));
    }
  }

  Passage passage(const Value& value, const std::string& path) {
    Passage out;
    if (!value.is_object()) {
      fail(wrong(path, "an object"));
      return out;
    }
    if (const Value* file = required(value, "path", path + ".path")) {
      short_text(*file, path + ".path", out.path);
      if (out.path.empty()) fail(wrong(path + ".path", "a file's path, and not empty"));
    }
    line_number(value, "start_line", path + ".start_line", out.start_line);
    line_number(value, "end_line", path + ".end_line", out.end_line);
    if (out.end_line < out.start_line) {
      fail(wrong(path + ".end_line", "at least start_line"));
    }
    if (const Value* content = required(value, "text", path + ".text")) {
      text(*content, path + ".text", limits_.passage_bytes, out.text);
    }
    return out;
  }

  void filter_array(const Value& value, const std::string& path, std::vector<std::string>& out) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < value.size() && !error_; ++i) {
      std::string entry;
      text(value[i], element(path, i), limits_.globs_bytes, entry);
      bytes += entry.size() + 1;
      if (bytes > limits_.globs_bytes) fail(too_large(path, limits_.globs_bytes, "bytes"));
      append_filter(out, entry);
    }
  }

  const limits::Request& limits_;
  std::optional<Error> error_;
};

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
  void filter(std::string_view member, const std::vector<std::string>& filter) {
    if (filter.empty()) return;
    list(member, filter, [this](const std::string& glob) { json::append_string(out_, glob); });
  }
  void raw(std::string_view member, std::string_view json) {
    name(member);
    out_ += json;
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
  void object(Write write) {
    out_ += '{';
    first_ = true;
    write();
    out_ += '}';
    first_ = false;
  }
  std::string take() { return std::move(out_); }

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

void write_members(Writer& writer, const ChatRequest& request) {
  writer.text("repo_url", request.repo_url);
  writer.list("messages", request.messages, [&](const Message& message) {
    writer.object([&] {
      writer.text("role", name(message.role));
      writer.text("content", message.content);
    });
  });
  writer.text_unless_empty("filePath", request.file_path);
  writer.text_unless_empty("token", request.token);
  writer.text_unless_empty("type", request.repo_type);
  writer.text_unless_empty("provider", request.provider);
  writer.text_unless_empty("model", request.model);
  writer.text_unless_empty("language", request.language);
  writer.filter("excluded_dirs", request.excluded_dirs);
  writer.filter("excluded_files", request.excluded_files);
  writer.filter("included_dirs", request.included_dirs);
  writer.filter("included_files", request.included_files);
  if (request.context) {
    writer.list("context", *request.context, [&](const Passage& passage) {
      writer.object([&] {
        writer.text("path", passage.path);
        writer.number("start_line", passage.start_line);
        writer.number("end_line", passage.end_line);
        writer.text("text", passage.text);
      });
    });
  }
  if (request.research) writer.raw("research", "true");
  writer.text_unless_empty("priority", request.priority);
}

}  // namespace

std::string_view name(Role role) {
  for (const auto& [known, role_name] : role_names) {
    if (known == role) return role_name;
  }
  return "";
}

Result<ChatRequest> parse_request(std::string_view text, const limits::Request& limits) {
  if (text.size() > limits.body_bytes) return too_large("The request", limits.body_bytes, "bytes");
  const Result<Value> root = json::parse(text, limits.json_depth);
  if (!root) return root.error();
  if (!root->is_object()) return wrong("The request", "a JSON object");

  ChatRequest out;
  Reader reader(limits);
  if (const Value* url = reader.required(*root, "repo_url", "repo_url")) {
    reader.short_text(*url, "repo_url", out.repo_url);
    if (out.repo_url.empty()) reader.fail(wrong("repo_url", "the repository's address"));
  }
  reader.messages(*root, out.messages);
  reader.optional_short_text(*root, "filePath", out.file_path);
  reader.optional_short_text(*root, "token", out.token);
  reader.optional_short_text(*root, "type", out.repo_type);
  reader.optional_short_text(*root, "provider", out.provider);
  reader.optional_short_text(*root, "model", out.model);
  reader.optional_short_text(*root, "language", out.language);
  reader.filter(*root, "excluded_dirs", out.excluded_dirs);
  reader.filter(*root, "excluded_files", out.excluded_files);
  reader.filter(*root, "included_dirs", out.included_dirs);
  reader.filter(*root, "included_files", out.included_files);
  reader.context(*root, out.context);
  reader.research(*root, out.research);
  reader.priority(*root, out.priority);
  if (reader.error()) return *reader.error();
  return out;
}

std::string write_request(const ChatRequest& request) {
  Writer writer;
  writer.object([&] { write_members(writer, request); });
  return writer.take();
}

}  // namespace weir::prompt
