#include "weir/provider/bedrock_errors.hpp"

#include <string>

#include "weir/json/json.hpp"
#include "weir/provider/lenient_json.hpp"

namespace weir::provider {
namespace {

bool says_context_too_long(std::string_view message) {
  return contains(message, "Input is too long") || contains(message, "prompt is too long") ||
         contains(message, "exceed context limit") || contains(message, "maximum context length") ||
         contains(message, "Too many input tokens");
}

/// A model may be unknown, not opened for the account, or there only as an inference profile.
bool says_model_missing(const ErrorReport& report) {
  return report.code == "ResourceNotFoundException" ||
         contains(report.message, "model identifier is invalid") ||
         contains(report.message, "on-demand throughput isn") ||
         contains(report.message, "access to the model");
}

struct Named {
  std::string_view name;
  Cause cause;
};

constexpr Named by_name[] = {
    {"AccessDeniedException", Cause::refused},
    {"UnrecognizedClientException", Cause::refused},
    {"ExpiredTokenException", Cause::refused},
    {"InvalidSignatureException", Cause::refused},
    {"MissingAuthenticationTokenException", Cause::refused},
    {"IncompleteSignatureException", Cause::refused},
    {"ThrottlingException", Cause::rate_limited},
    {"ServiceQuotaExceededException", Cause::quota_used_up},
    {"ModelTimeoutException", Cause::timed_out},
    {"ModelNotReadyException", Cause::passing},
    {"ModelErrorException", Cause::passing},
    {"ModelStreamErrorException", Cause::passing},
    {"InternalServerException", Cause::passing},
    {"ServiceUnavailableException", Cause::passing},
};

Cause cause_of(const ErrorReport& report) {
  if (says_context_too_long(report.message)) return Cause::context_too_long;
  if (says_model_missing(report)) return Cause::model_missing;
  // "Too many tokens per day, please wait before trying again."
  if (contains(report.message, "per day")) return Cause::quota_used_up;
  for (const auto& [name, cause] : by_name) {
    if (report.code == name) return cause;
  }
  return cause_of_status(report.status);
}

/// Names come as "ThrottlingException:http://internal.amazon.com/...", as
/// "com.amazon.coral.service#ThrottlingException", and in streams as "throttlingException".
std::string plain_name(std::string_view name) {
  name = name.substr(0, name.find(':'));
  if (const std::size_t hash = name.find('#'); hash != std::string_view::npos) {
    name.remove_prefix(hash + 1);
  }
  std::string out(name);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace

stream::Failed bedrock_refusal(const ErrorContext& context, int status,
                               const std::vector<Header>& headers, std::string_view body) {
  ErrorReport report;
  report.status = status;
  report.code = plain_name(header(headers, "x-amzn-errortype"));
  if (const auto value = parse_lenient(body); value && value->is_object()) {
    // Services write the first letter as they like.
    report.message = json::string_or(*value, "message", json::string_or(*value, "Message"));
    if (report.code.empty()) report.code = plain_name(json::string_or(*value, "__type"));
  } else {
    report.message = words_of(body);
  }
  report.retry_after = retry_after(headers);
  return failed(context, cause_of(report), report);
}

stream::Failed bedrock_exception(const ErrorContext& context, std::string_view name,
                                 std::string_view message) {
  ErrorReport report;
  report.code = plain_name(name);
  report.message = message;
  return failed(context, cause_of(report), report);
}

}  // namespace weir::provider
