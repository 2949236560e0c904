#include "weir/prompt/request.hpp"

#include <array>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/json/json.hpp"
#include "weir/json/members.hpp"
#include "weir/prompt/filter_list.hpp"

namespace weir::prompt {
namespace {

using json::ValueView;

constexpr std::array<std::string_view, 16> request_members = {
    "repo_url", "messages", "filePath",      "token",          "type",          "provider",
    "model",    "language", "excluded_dirs", "excluded_files", "included_dirs", "included_files",
    "context",  "file",     "research",      "priority"};
constexpr std::array<std::string_view, 2> message_members = {"role", "content"};
constexpr std::array<std::string_view, 2> part_members = {"type", "text"};
constexpr std::array<std::string_view, 4> passage_members = {"path", "start_line", "end_line",
                                                             "text"};

constexpr std::array<std::string_view, 3> research_members = {"stage", "turn", "queries"};

constexpr std::array<std::pair<Role, std::string_view>, 4> role_names = {{
    {Role::system, "system"},
    {Role::user, "user"},
    {Role::assistant, "assistant"},
    {Role::tool, "tool"},
}};

constexpr std::array<std::string_view, 3> priorities = {"interactive", "research", "batch"};

/// Where a value stands in the request, for errors: `member`, `array[index]`,
/// `array[index].member` or `object.member`. Views alone: it is put together only where there is an
/// error.
struct Path {
  std::string_view outer;
  std::optional<std::size_t> index;
  std::string_view member;

  std::string text() const {
    std::string out(outer);
    if (index) out += "[" + std::to_string(*index) + "]";
    if (!out.empty() && !member.empty()) out += '.';
    return out.append(member);
  }
};

Path at(std::string_view member) {
  return {"", std::nullopt, member};
}

Error wrong(const Path& path, std::string_view expected) {
  return {ErrorCode::invalid_request, path.text() + " must be " + std::string(expected) + ".",
          "Correct this member of the request and ask again."};
}

Error missing(const Path& path) {
  return {ErrorCode::invalid_request, path.text() + " is missing.",
          "Add this member to the request and ask again."};
}

Error too_large(const Path& path, std::size_t most, std::string_view unit) {
  return {ErrorCode::request_too_large,
          path.text() + " is larger than " + std::to_string(most) + " " + std::string(unit) + ".",
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
  Reader(const limits::Request& limits, RequestForm form) : limits_(limits), form_(form) {}

  const std::optional<Error>& error() const { return error_; }

  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  /// The value, or none where it is absent or null.
  ValueView optional(ValueView value) const {
    return error_ || value.is_null() ? ValueView() : value;
  }

  ValueView required(ValueView value, const Path& path) {
    value = optional(value);
    if (!value) fail(missing(path));
    return value;
  }

  void text(ValueView value, const Path& path, std::size_t bytes_most, std::string& out) {
    if (error_ || !value) return;
    if (!value.is_string()) return fail(wrong(path, "a string"));
    std::string text = value.string();
    if (text.size() > bytes_most) return fail(too_large(path, bytes_most, "bytes"));
    out = std::move(text);
  }

  /// One line of text: these stand in headers, logs and the prompt's own lines.
  void short_text(ValueView value, const Path& path, std::string& out) {
    text(value, path, limits_.short_text_bytes, out);
    if (has_control_character(out)) fail(wrong(path, "one line without control characters"));
  }

  void line_number(ValueView value, const Path& path, std::uint32_t& out) {
    positive(value, path, "a line number, from 1", out);
  }

  /// The elements of an array with at most `most` of them.
  std::vector<ValueView> array(ValueView value, const Path& path, std::size_t most) {
    if (!value.is_array()) {
      fail(wrong(path, "an array"));
      return {};
    }
    std::vector<ValueView> elements = value.elements();
    if (elements.size() > most) fail(too_large(path, most, "elements"));
    return elements;
  }

  /// The repository's address, which the other form can do without.
  void repository(ValueView value, ChatRequest& out) {
    if (form_ == RequestForm::completion && !optional(value)) {
      out.context.emplace();
      return;
    }
    short_text(required(value, at("repo_url")), at("repo_url"), out.repo_url);
    if (out.repo_url.empty()) fail(wrong(at("repo_url"), "the repository's address"));
  }

  void messages(ValueView value, std::vector<Message>& out) {
    const Path path = at("messages");
    if (!required(value, path)) return;
    const std::vector<ValueView> elements = array(value, path, limits_.messages);
    if (!error_) out.reserve(elements.size());
    for (std::size_t i = 0; i < elements.size() && !error_; ++i) {
      out.push_back(message(elements[i], i));
    }
    if (!error_) last_message(out);
  }

  void context(ValueView value, std::optional<std::vector<Passage>>& out) {
    if (!optional(value)) return;
    const std::vector<ValueView> elements = array(value, at("context"), limits_.passages);
    out.emplace();
    if (!error_) out->reserve(elements.size());
    for (std::size_t i = 0; i < elements.size() && !error_; ++i) {
      const auto path = [i](std::string_view member) { return Path{"context", i, member}; };
      out->push_back(passage(elements[i], path, limits_.passage_bytes));
    }
  }

  void file(ValueView value, std::optional<Passage>& out) {
    if (!optional(value)) return;
    const auto path = [](std::string_view member) { return Path{"file", std::nullopt, member}; };
    out = passage(value, path, limits_.file_bytes);
  }

  void filter(ValueView value, std::string_view member, std::vector<std::string>& out) {
    if (!optional(value)) return;
    if (value.is_string()) {
      std::string list;
      text(value, at(member), limits_.globs_bytes, list);
      out = split_filter_list(list);
    } else if (value.is_array()) {
      filter_array(value.elements(), member, out);
    } else {
      fail(wrong(at(member), "an array of strings or one string"));
    }
  }

  void research(ValueView value, std::optional<ResearchTurn>& out) {
    if (!optional(value)) return;
    if (value.is_boolean() && !value.is_true()) return;
    out.emplace();
    if (value.is_boolean()) return;
    if (!value.is_object()) return fail(wrong(at("research"), "true, false or an object"));
    json::Members members(research_members);
    members.read(value);
    const auto path = [](std::string_view member) {
      return Path{"research", std::nullopt, member};
    };
    stage(required(members["stage"], path("stage")), path("stage"), out->stage);
    positive(members["turn"], path("turn"), "a turn's number, from 1", out->number);
    if (optional(members["queries"])) queries(members["queries"], out->queries);
  }

  void priority(ValueView value, std::string& out) {
    short_text(optional(value), at("priority"), out);
    if (out.empty()) return;
    for (const auto known : priorities) {
      if (out == known) return;
    }
    fail(wrong(at("priority"), "interactive, research or batch"));
  }

 private:
  void positive(ValueView value, const Path& path, std::string_view what, std::uint32_t& out) {
    if (!required(value, path)) return;
    const std::int64_t number = value.integer_or(0);
    if (number < 1 || number > UINT32_MAX) return fail(wrong(path, what));
    out = static_cast<std::uint32_t>(number);
  }

  void stage(ValueView value, const Path& path, ResearchStage& out) {
    const std::string text = value.string();
    for (const auto& [known, stage_name] : research_stages) {
      if (text != stage_name) continue;
      out = known;
      return;
    }
    fail(wrong(path, "plan, update or conclusion"));
  }

  void queries(ValueView value, std::vector<std::string>& out) {
    constexpr std::string_view member = "research.queries";
    const limits::Research limits;
    const std::vector<ValueView> elements = array(value, at(member), limits.queries);
    for (std::size_t i = 0; i < elements.size() && !error_; ++i) {
      const Path path{member, i, ""};
      std::string query;
      text(elements[i], path, limits.query_bytes, query);
      if (has_control_character(query) || is_blank(query)) {
        return fail(wrong(path, "one line of words to search for"));
      }
      out.push_back(std::move(query));
    }
  }

  Message message(ValueView value, std::size_t index) {
    const auto path = [index](std::string_view member) { return Path{"messages", index, member}; };
    Message out;
    json::Members members(message_members);
    members.read(value);
    if (!members.is_object()) fail(wrong(path(""), "an object"));
    read_role(required(members["role"], path("role")), path("role"), out.role);
    content(required(members["content"], path("content")), path("content"), out.content);
    return out;
  }

  void content(ValueView value, const Path& path, std::string& out) {
    if (form_ == RequestForm::repository || !value.is_array()) {
      return text(value, path, limits_.message_bytes, out);
    }
    for (const ValueView each : array(value, path, limits_.messages)) {
      json::Members part(part_members);
      part.read(each);
      if (part["type"].string() != "text" || !part["text"].is_string()) {
        return fail(wrong(path, "a string, or parts of the type text"));
      }
      out += part["text"].string();
    }
    if (out.size() > limits_.message_bytes) fail(too_large(path, limits_.message_bytes, "bytes"));
  }

  void read_role(ValueView value, const Path& path, Role& out) {
    const std::string text = value.string();
    for (const auto& [role, role_name] : role_names) {
      if (text == role_name && (role != Role::tool || form_ == RequestForm::completion)) {
        out = role;
        return;
      }
    }
    if (form_ == RequestForm::completion && text == "developer") {
      out = Role::system;
      return;
    }
    fail(wrong(path, "system, user or assistant"));
  }

  void last_message(const std::vector<Message>& messages) {
    if (messages.empty()) return fail(wrong(at("messages"), "an array with at least one message"));
    const std::size_t last = messages.size() - 1;
    if (messages.back().role != Role::user) {
      return fail(
          wrong({"messages", last, "role"}, "user, since the last message is the question"));
    }
    if (is_blank(messages.back().content)) {
      fail(wrong({"messages", last, "content"}, "the question, and not empty"));
    }
  }

  /// `path` makes the path of each of its members.
  template <class MemberPath>
  Passage passage(ValueView value, MemberPath path, std::size_t bytes_most) {
    Passage out;
    json::Members members(passage_members);
    members.read(value);
    if (!members.is_object()) fail(wrong(path(""), "an object"));
    short_text(required(members["path"], path("path")), path("path"), out.path);
    if (out.path.empty()) fail(wrong(path("path"), "a file's path, and not empty"));
    line_number(members["start_line"], path("start_line"), out.start_line);
    line_number(members["end_line"], path("end_line"), out.end_line);
    if (out.end_line < out.start_line) fail(wrong(path("end_line"), "at least start_line"));
    text(required(members["text"], path("text")), path("text"), bytes_most, out.text);
    return out;
  }

  void filter_array(const std::vector<ValueView>& elements, std::string_view member,
                    std::vector<std::string>& out) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < elements.size() && !error_; ++i) {
      std::string entry;
      text(elements[i], {member, i, ""}, limits_.globs_bytes, entry);
      bytes += entry.size() + 1;
      if (bytes > limits_.globs_bytes) fail(too_large(at(member), limits_.globs_bytes, "bytes"));
      append_filter(out, entry);
    }
  }

  const limits::Request& limits_;
  RequestForm form_;
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
  void texts_unless_empty(std::string_view member, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    list(member, texts, [this](const std::string& text) { json::append_string(out_, text); });
  }
  template <class Write>
  void member(std::string_view member, Write write) {
    name(member);
    write();
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

void write_research(Writer& writer, const ResearchTurn& turn) {
  writer.object([&] {
    writer.text("stage", name(turn.stage));
    writer.number("turn", turn.number);
    writer.texts_unless_empty("queries", turn.queries);
  });
}

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
  writer.texts_unless_empty("excluded_dirs", request.excluded_dirs);
  writer.texts_unless_empty("excluded_files", request.excluded_files);
  writer.texts_unless_empty("included_dirs", request.included_dirs);
  writer.texts_unless_empty("included_files", request.included_files);
  const auto write_passage = [&](const Passage& passage) {
    writer.object([&] {
      writer.text("path", passage.path);
      writer.number("start_line", passage.start_line);
      writer.number("end_line", passage.end_line);
      writer.text("text", passage.text);
    });
  };
  if (request.context) writer.list("context", *request.context, write_passage);
  if (request.file) writer.member("file", [&] { write_passage(*request.file); });
  if (request.research)
    writer.member("research", [&] { write_research(writer, *request.research); });
  writer.text_unless_empty("priority", request.priority);
}

}  // namespace

std::string_view name(Role role) {
  for (const auto& [known, role_name] : role_names) {
    if (known == role) return role_name;
  }
  return "";
}

std::size_t ChatRequest::question_at() const {
  std::size_t at = messages.size();
  while (at > 0 && messages[at - 1].role != Role::user) --at;
  WEIR_ASSERT(at > 0);
  return at - 1;
}

Result<ChatRequest> parse_request(std::string_view text, const limits::Request& limits,
                                  RequestForm form) {
  if (text.size() > limits.body_bytes) {
    return too_large(at("The request"), limits.body_bytes, "bytes");
  }
  json::Members root(request_members);
  if (const auto parsed = root.parse(text, limits.json_depth); !parsed) return parsed.error();
  if (!root.is_object()) return wrong(at("The request"), "a JSON object");

  ChatRequest out;
  Reader reader(limits, form);
  reader.repository(root["repo_url"], out);
  reader.messages(root["messages"], out.messages);
  const auto optional_text = [&](std::string_view member, std::string& into) {
    reader.short_text(reader.optional(root[member]), at(member), into);
  };
  optional_text("filePath", out.file_path);
  optional_text("token", out.token);
  optional_text("type", out.repo_type);
  optional_text("provider", out.provider);
  optional_text("model", out.model);
  optional_text("language", out.language);
  reader.filter(root["excluded_dirs"], "excluded_dirs", out.excluded_dirs);
  reader.filter(root["excluded_files"], "excluded_files", out.excluded_files);
  reader.filter(root["included_dirs"], "included_dirs", out.included_dirs);
  reader.filter(root["included_files"], "included_files", out.included_files);
  reader.context(root["context"], out.context);
  reader.file(root["file"], out.file);
  reader.research(root["research"], out.research);
  reader.priority(root["priority"], out.priority);
  if (reader.error()) return *reader.error();
  return out;
}

std::string write_request(const ChatRequest& request) {
  constexpr std::size_t short_request = 512;
  Writer writer;
  writer.reserve(short_request);
  writer.object([&] { write_members(writer, request); });
  return writer.take();
}

}  // namespace weir::prompt
