#include "weir/wire/completion_request.hpp"

#include <array>
#include <utility>

#include "weir/json/members.hpp"

namespace weir::wire {
namespace {

constexpr std::array<std::string_view, 3> request_members = {"stream", "stream_options", "n"};
constexpr std::array<std::string_view, 1> option_members = {"include_usage"};

Error wrong(std::string message) {
  return {ErrorCode::invalid_request, std::move(message),
          "Correct this member of the request and ask again."};
}

bool is_switch(json::ValueView value) {
  return !value || value.is_null() || value.is_boolean();
}

}  // namespace

Result<CompletionRequest> read_completion_request(std::string_view json,
                                                  const limits::Request& limits) {
  auto chat = prompt::parse_request(json, limits, prompt::RequestForm::completion);
  if (!chat) return chat.error();
  json::Members root(request_members);
  if (const auto parsed = root.parse(json, limits.json_depth); !parsed) return parsed.error();
  if (!is_switch(root["stream"])) return wrong("stream must be true or false.");
  const json::ValueView choices = root["n"];
  if (choices && !choices.is_null() && choices.integer_or(0) != 1) return wrong("n must be 1.");
  json::Members options(option_members);
  options.read(root["stream_options"]);

  CompletionRequest request;
  request.chat = *std::move(chat);
  request.streams = root["stream"].is_true();
  request.includes_usage = options.is_object() && options["include_usage"].is_true();
  return request;
}

}  // namespace weir::wire
