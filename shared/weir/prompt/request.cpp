#include "weir/prompt/request.hpp"

#include <array>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/json/members.hpp"
#include "weir/prompt/filter_list.hpp"
#include "weir/prompt/message_reader.hpp"
#include "weir/prompt/request_reader.hpp"

namespace weir::prompt {
namespace {

using json::ValueView;

constexpr std::array<std::string_view, 17> request_members = {
    "repo_url", "messages", "filePath",      "token",          "type",          "provider",
    "model",    "language", "excluded_dirs", "excluded_files", "included_dirs", "included_files",
    "context",  "file",     "research",      "priority",       "no_cache"};
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

/// Reads the members of a ChatRequest.
class Reader : public RequestReader {
 public:
  Reader(const limits::Request& limits, RequestForm form) : RequestReader(limits), form_(form) {}

  void line_number(ValueView value, const Path& path, std::uint32_t& out) {
    positive(value, path, "a line number, from 1", out);
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
    read_messages(*this, value, form_, out);
  }

  void context(ValueView value, std::optional<std::vector<Passage>>& out) {
    if (!optional(value)) return;
    const std::vector<ValueView> elements = array(value, at("context"), limits().passages);
    out.emplace();
    if (!error()) out->reserve(elements.size());
    for (std::size_t i = 0; i < elements.size() && !error(); ++i) {
      const auto path = [i](std::string_view member) { return Path{"context", i, member}; };
      out->push_back(passage(elements[i], path, limits().passage_bytes));
    }
  }

  void file(ValueView value, std::optional<Passage>& out) {
    if (!optional(value)) return;
    const auto path = [](std::string_view member) { return Path{"file", std::nullopt, member}; };
    out = passage(value, path, limits().file_bytes);
  }

  void filter(ValueView value, std::string_view member, std::vector<std::string>& out) {
    if (!optional(value)) return;
    if (value.is_string()) {
      std::string list;
      text(value, at(member), limits().globs_bytes, list);
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
    const limits::Research most;
    const std::vector<ValueView> elements = array(value, at(member), most.queries);
    for (std::size_t i = 0; i < elements.size() && !error(); ++i) {
      const Path path{member, i, ""};
      std::string query;
      text(elements[i], path, most.query_bytes, query);
      const bool words = !has_control_character(query) && !is_blank(query);
      if (!words) return fail(wrong(path, "one line of words to search for"));
      out.push_back(std::move(query));
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
    for (std::size_t i = 0; i < elements.size() && !error(); ++i) {
      std::string entry;
      text(elements[i], {member, i, ""}, limits().globs_bytes, entry);
      bytes += entry.size() + 1;
      if (bytes > limits().globs_bytes) fail(too_large(at(member), limits().globs_bytes, "bytes"));
      append_filter(out, entry);
    }
  }

  RequestForm form_;
};

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
  reader.boolean(root["no_cache"], at("no_cache"), out.no_cache);
  if (reader.error()) return *reader.error();
  return out;
}

}  // namespace weir::prompt
