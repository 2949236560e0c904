#include "weir/provider/openrouter.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/provider/openai.hpp"

namespace weir::provider {
namespace {

/// https://openrouter.ai/docs/api/reference/errors-and-debugging: a 403 is a key's lack of rights
/// or, with what was flagged in its metadata, a filter's word about the prompt.
std::optional<Cause> cause_of(const ErrorReport& report) {
  if (contains(report.message, "is not a valid model ID") ||
      contains(report.message, "No endpoints found")) {
    return Cause::model_missing;
  }
  if (report.status == 403 &&
      (contains(report.details, "flagged_input") || contains(report.message, "moderation"))) {
    return Cause::blocked;
  }
  return std::nullopt;
}

/// https://openrouter.ai/docs/use-cases/reasoning-tokens
void append_effort(std::string& out, std::string_view effort) {
  if (effort.empty()) return;
  out += ",\"reasoning\":{\"effort\":";
  json::append_string(out, effort);
  out += '}';
}

}  // namespace

/// `provider` says which providers may answer, and in which order
/// (https://openrouter.ai/docs/features/provider-routing). HTTP-Referer and X-Title, which name who
/// asks (https://openrouter.ai/docs/app-attribution), come from Provider::headers.
HttpRequest openrouter_request(const Call& call) {
  OpenAiDialect dialect;
  dialect.output_limit = "max_tokens";
  dialect.reasoning_effort = false;
  append_setting(dialect.more, "provider", call.provider.routing);
  append_effort(dialect.more, call.generation().reasoning_effort);
  return openai_request(call, "/chat/completions", openai_body(call, dialect));
}

std::unique_ptr<StreamCodec> openrouter_codec(const Call& call) {
  Hints hints;
  hints.key = "Set OPENROUTER_API_KEY to a valid key; https://openrouter.ai/keys makes one.";
  hints.address = "Check OPENROUTER_BASE_URL: it is like https://openrouter.ai/api/v1.";
  hints.model = "Choose another model; https://openrouter.ai/models lists them.";
  ErrorContext context = error_context(call, std::move(hints));
  context.own_cause = cause_of;
  return openai_codec(std::move(context), call.limits);
}

}  // namespace weir::provider
