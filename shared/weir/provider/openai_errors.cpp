#include "weir/provider/openai_errors.hpp"

#include <utility>

#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"

namespace weir::provider {
namespace {

bool either(const ErrorReport& report, std::string_view word) {
  return report.code == word || report.type == word;
}

/// OpenRouter passes on what the model's own provider said: {"metadata":{"raw":"..."}}; what a
/// filter of Azure found is in {"innererror":{...}}.
std::string details_of(const json::Value& error) {
  if (const json::Value* metadata = member(error, "metadata")) {
    const json::Value* raw = member(*metadata, "raw");
    if (!raw) return json::write(*metadata);
    return raw->is_string() ? raw->get<std::string>() : json::write(*raw);
  }
  const json::Value* inner = member(error, "innererror");
  return inner ? json::string_or(*inner, "code") : "";
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
  report.details = details_of(error);
  report.type = json::string_or(error, "type");
  report.message = json::string_or(error, "message");
  const std::int64_t number = json::integer_or(error, "code", 0);
  if (number >= 400 && number < 600 && status < 400) report.status = static_cast<int>(number);
  return report;
}

bool says_context_too_long(const ErrorReport& report) {
  return either(report, "context_length_exceeded") ||
         either(report, "exceed_context_size_error") ||         // llama.cpp
         contains(report.message, "maximum context length") ||  // vLLM
         contains(report.details, "maximum context length") ||
         contains(report.details, "context_length_exceeded") ||
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
Cause cause_of(const ErrorContext& context, const ErrorReport& report) {
  if (context.own_cause) {
    if (const auto cause = context.own_cause(report)) return *cause;
  }
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
  return failed(context, cause_of(context, report), report);
}

stream::Failed classify_error(const ErrorContext& context, const json::Value& error) {
  const ErrorReport report = read_report(0, error);
  return failed(context, cause_of(context, report), report);
}

}  // namespace weir::provider
