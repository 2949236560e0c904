#include "weir/wire/completion_request.hpp"

#include <array>
#include <string>
#include <utility>

#include "weir/json/members.hpp"
#include "weir/wire/completion_settings.hpp"

namespace weir::wire {
namespace {

using json::ValueView;

constexpr std::array<std::string_view, 3> request_members = {"stream", "stream_options", "n"};
constexpr std::array<std::string_view, 1> option_members = {"include_usage"};
/// What would make another answer of it, and cannot be done here.
constexpr std::array<std::string_view, 7> refused_members = {
    "logprobs",  "top_logprobs",  "logit_bias",        "audio",
    "functions", "function_call", "web_search_options"};

Error wrong(std::string message) {
  return {ErrorCode::invalid_request, std::move(message),
          "Correct this member of the request and ask again."};
}

/// As SDKs send members that say nothing.
bool says_nothing(ValueView value) {
  return !value || value.is_null() || value.text() == "false" || value.text() == "0" ||
         value.text() == "{}" || value.text() == "[]";
}

bool is_switch(ValueView value) {
  return !value || value.is_null() || value.is_boolean();
}

Result<void> refuse_what_cannot_be_done(std::string_view json, std::size_t depth) {
  json::Members refused(refused_members);
  if (const auto parsed = refused.parse(json, depth); !parsed) return parsed.error();
  for (const std::string_view member : refused_members) {
    if (says_nothing(refused[member])) continue;
    const bool old = member == "functions" || member == "function_call";
    return Error{ErrorCode::invalid_request,
                 std::string(member) + " is not something that this edge can do.",
                 old ? "Use tools and tool_choice." : "Leave it out."};
  }
  return {};
}

}  // namespace

Result<CompletionRequest> read_completion_request(std::string_view json,
                                                  const limits::Request& limits) {
  auto chat = prompt::parse_request(json, limits, prompt::RequestForm::completion);
  if (!chat) return chat.error();
  json::Members root(request_members);
  if (const auto parsed = root.parse(json, limits.json_depth); !parsed) return parsed.error();
  if (!is_switch(root["stream"])) return wrong("stream must be true or false.");
  const ValueView choices = root["n"];
  if (choices && !choices.is_null() && choices.integer_or(0) != 1) return wrong("n must be 1.");
  if (const auto can = refuse_what_cannot_be_done(json, limits.json_depth); !can) {
    return can.error();
  }
  if (const auto read = read_completion_settings(json, limits, *chat); !read) return read.error();
  json::Members options(option_members);
  options.read(root["stream_options"]);

  CompletionRequest request;
  request.chat = *std::move(chat);
  request.streams = root["stream"].is_true();
  request.includes_usage = options.is_object() && options["include_usage"].is_true();
  return request;
}

}  // namespace weir::wire
