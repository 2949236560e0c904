#include "weir/provider/google_errors.hpp"

#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"

namespace weir::provider {
namespace {

/// A google.rpc.Status, read as far as it matters.
struct Status {
  ErrorReport report;    ///< `type`: the canonical code, "RESOURCE_EXHAUSTED"
  std::string reason;    ///< of google.rpc.ErrorInfo, "API_KEY_INVALID"
  bool per_day = false;  ///< google.rpc.QuotaFailure names a quota that is given once a day
};

/// A google.protobuf.Duration in JSON: "26s", "58.934310785s".
std::optional<std::chrono::milliseconds> duration(std::string_view text) {
  if (text.empty() || text.back() != 's') return std::nullopt;
  return seconds(text.substr(0, text.size() - 1));
}

/// `details` hold messages of the types in google/rpc/error_details.proto, told apart by "@type".
void read_detail(const json::Value& detail, Status& status) {
  const std::string type = json::string_or(detail, "@type");
  if (contains(type, "google.rpc.ErrorInfo")) {
    status.reason = json::string_or(detail, "reason");
  } else if (contains(type, "google.rpc.RetryInfo")) {
    status.report.retry_after = duration(json::string_or(detail, "retryDelay"));
  } else if (contains(type, "google.rpc.QuotaFailure")) {
    for (const json::Value& violation : elements(detail, "violations")) {
      status.per_day |= contains(json::string_or(violation, "quotaId"), "PerDay");
    }
  }
}

Status read_status(int http_status, const json::Value& error) {
  Status status;
  status.report.status = http_status;
  const std::int64_t code = json::integer_or(error, "code", 0);
  if (http_status < 400 && code >= 400 && code < 600) status.report.status = static_cast<int>(code);
  status.report.type = json::string_or(error, "status");
  status.report.message = json::string_or(error, "message");
  for (const json::Value& detail : elements(error, "details")) read_detail(detail, status);
  return status;
}

/// A wrong key is a 400 that only its reason tells from other bad requests; a country that may not
/// ask is one too.
bool says_refused(const Status& status) {
  return status.reason == "API_KEY_INVALID" || status.report.type == "UNAUTHENTICATED" ||
         status.report.type == "PERMISSION_DENIED" ||
         (status.report.type == "FAILED_PRECONDITION" &&
          contains(status.report.message, "location is not supported"));
}

/// "models/x is not found for API version v1beta, or is not supported for generateContent."; a
/// wrong address is a 404 too.
bool says_model_missing(const Status& status) {
  return status.report.status == 404 && contains(status.report.message, "models/");
}

/// "The input token count (3475108) exceeds the maximum number of tokens allowed (1048576)."
bool says_context_too_long(const Status& status) {
  return contains(status.report.message, "input token count") &&
         status.report.type == "INVALID_ARGUMENT";
}

Cause cause_of(const Status& status) {
  if (says_refused(status)) return Cause::refused;
  if (says_context_too_long(status)) return Cause::context_too_long;
  if (says_model_missing(status)) return Cause::model_missing;
  if (status.report.type == "DEADLINE_EXCEEDED") return Cause::timed_out;
  if (status.report.type == "RESOURCE_EXHAUSTED" || status.report.status == 429) {
    // A free tier without this model has the limit 0: no time brings it.
    const bool used_up = status.per_day || contains(status.report.message, "limit: 0");
    return used_up ? Cause::quota_used_up : Cause::rate_limited;
  }
  return cause_of_status(status.report.status);
}

}  // namespace

stream::Failed google_refusal(const ErrorContext& context, int status,
                              const std::vector<Header>& headers, std::string_view body) {
  Status read;
  const auto value = parse_lenient(body);
  // Without alt=sse the error stands in an array, and some proxies leave the parameter out.
  const bool array = value && value->is_array() && !value->empty();
  const json::Value* error = value ? member(array ? value->front() : *value, "error") : nullptr;
  if (error) {
    read = read_status(status, *error);
  } else {
    read.report.status = status;
    read.report.message = words_of(body);
  }
  if (!read.report.retry_after) read.report.retry_after = retry_after(headers);
  return failed(context, cause_of(read), read.report);
}

stream::Failed google_error(const ErrorContext& context, const json::Value& error) {
  const Status status = read_status(0, error);
  return failed(context, cause_of(status), status.report);
}

stream::Failed google_blocked(const ErrorContext& context, std::string_view reason) {
  ErrorReport report;
  report.message = reason;
  return failed(context, Cause::blocked, report);
}

}  // namespace weir::provider
