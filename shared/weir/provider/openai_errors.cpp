#include "weir/provider/openai_errors.hpp"

#include <utility>

#include "weir/provider/lenient_json.hpp"

namespace weir::provider {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool either(const ErrorReport& report, std::string_view word) {
  return report.code == word || report.type == word;
}

/// `error` is an object, or a string (Ollama's own interface); vLLM once put its members beside it.
ErrorReport read_report(int status, const json::Value& error) {
  ErrorReport report;
  report.status = status;
  if (error.is_string()) {
    report.message = error.get<std::string>();
    return report;
  }
  report.code = json::string_or(error, "code");
  report.type = json::string_or(error, "type");
  report.message = json::string_or(error, "message");
  const std::int64_t number = json::integer_or(error, "code", 0);
  if (number >= 400 && number < 600 && status < 400) report.status = static_cast<int>(number);
  return report;
}

bool says_context_too_long(const ErrorReport& report) {
  return either(report, "context_length_exceeded") ||
         either(report, "exceed_context_size_error") ||           // llama.cpp
         contains(report.message, "maximum context length") ||    // vLLM
         contains(report.message, "exceeds the context window");  // LM Studio and others
}

/// 404 is also what a wrong base URL gives, so the words decide: "The model `x` does not exist",
/// "model "x" not found, try pulling it first".
bool says_model_missing(const ErrorReport& report) {
  if (either(report, "model_not_found") || either(report, "invalid_model")) return true;
  return report.status == 404 &&
         (contains(report.message, "model") || contains(report.message, "Model"));
}

bool says_quota_used_up(const ErrorReport& report) {
  return report.status == 402 || either(report, "insufficient_quota") ||
         either(report, "credit_balance_exhausted") || either(report, "billing_not_active") ||
         either(report, "billing_hard_limit_reached");
}

bool says_rate_limited(const ErrorReport& report) {
  return report.status == 429 || either(report, "rate_limit_exceeded") ||
         either(report, "rate_limit_error") || either(report, "slow_down");
}

bool says_refused(const ErrorReport& report) {
  return report.status == 401 || report.status == 403 || either(report, "invalid_api_key") ||
         either(report, "authentication_error");
}

/// What openai-node retries by status (src/client.ts, shouldRetry) is in cause_of_status().
Cause cause_of(const ErrorReport& report) {
  if (says_context_too_long(report)) return Cause::context_too_long;
  if (says_model_missing(report)) return Cause::model_missing;
  if (says_quota_used_up(report)) return Cause::quota_used_up;
  if (says_rate_limited(report)) return Cause::rate_limited;
  if (says_refused(report)) return Cause::refused;
  if (either(report, "server_error") || either(report, "server_is_overloaded")) {
    return Cause::passing;
  }
  return cause_of_status(report.status);
}

/// Where the caller gave no hints, those of OpenAI's variables.
ErrorContext with_hints(ErrorContext context) {
  if (context.hints.key.empty()) {
    context.hints.key = "Set OPENAI_API_KEY to a valid key of the server at OPENAI_BASE_URL.";
  }
  if (context.hints.address.empty()) {
    context.hints.address =
        "Check OPENAI_BASE_URL: it ends with the version part, as in https://api.openai.com/v1.";
  }
  return context;
}

}  // namespace

stream::Failed classify_response(const ErrorContext& context, int status,
                                 const std::vector<Header>& headers, std::string_view body) {
  ErrorReport report;
  report.status = status;
  if (const auto value = parse_lenient(body); value && value->is_object()) {
    const json::Value* error = json::find(*value, "error");
    report = read_report(status, error ? *error : *value);
  } else {
    report.message = words_of(body);
  }
  report.retry_after = retry_after(headers);
  return failed(with_hints(context), cause_of(report), report);
}

stream::Failed classify_error(const ErrorContext& context, const json::Value& error) {
  const ErrorReport report = read_report(0, error);
  return failed(with_hints(context), cause_of(report), report);
}

}  // namespace weir::provider
