#include "weir/provider/openai_errors.hpp"

#include <utility>

#include "weir/provider/lenient_json.hpp"
#include "weir/provider/redact.hpp"

namespace weir::provider {
namespace {

/// An error as the provider described it; what it did not say is empty.
struct Report {
  int status = 0;
  std::string code;
  std::string type;
  std::string message;
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool either(const Report& report, std::string_view word) {
  return report.code == word || report.type == word;
}

/// `error` is an object, or a string (Ollama's own interface); vLLM once put its members beside it.
Report read_report(int status, const json::Value& error) {
  Report report;
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

bool says_context_too_long(const Report& report) {
  return either(report, "context_length_exceeded") ||
         either(report, "exceed_context_size_error") ||           // llama.cpp
         contains(report.message, "maximum context length") ||    // vLLM
         contains(report.message, "exceeds the context window");  // LM Studio and others
}

/// 404 is also what a wrong base URL gives, so the words decide: "The model `x` does not exist",
/// "model "x" not found, try pulling it first".
bool says_model_missing(const Report& report) {
  if (either(report, "model_not_found") || either(report, "invalid_model")) return true;
  return report.status == 404 &&
         (contains(report.message, "model") || contains(report.message, "Model"));
}

bool says_quota_used_up(const Report& report) {
  return report.status == 402 || either(report, "insufficient_quota") ||
         either(report, "credit_balance_exhausted") || either(report, "billing_not_active") ||
         either(report, "billing_hard_limit_reached");
}

bool says_rate_limited(const Report& report) {
  return report.status == 429 || either(report, "rate_limit_exceeded") ||
         either(report, "rate_limit_error") || either(report, "slow_down");
}

bool says_refused(const Report& report) {
  return report.status == 401 || report.status == 403 || either(report, "invalid_api_key") ||
         either(report, "authentication_error");
}

/// openai-node retries 408, 409, 429 and 5xx (src/client.ts, shouldRetry).
bool may_pass(const Report& report) {
  return report.status == 409 || report.status >= 500 || either(report, "server_error") ||
         either(report, "server_is_overloaded");
}

class Classifier {
 public:
  Classifier(const ErrorContext& context, const Report& report)
      : context_(context), report_(report) {}

  stream::Failed classify() const {
    if (says_context_too_long(report_)) {
      return failed(ErrorCode::context_too_long,
                    context_.provider + " says that the prompt is too long for its model.",
                    "Ask a shorter question or with fewer passages, or choose a model with a "
                    "larger context.",
                    false);
    }
    if (says_model_missing(report_)) {
      return failed(ErrorCode::provider_model_missing,
                    context_.provider + " does not have the model \"" + context_.model +
                        "\", or this key may not use it.",
                    "Choose another model.", false);
    }
    if (says_quota_used_up(report_)) {
      return failed(ErrorCode::provider_quota,
                    "The quota or credit at " + context_.provider + " is used up.",
                    "Look at the plan and billing of the account that the key belongs to.", false);
    }
    if (says_rate_limited(report_)) {
      return failed(ErrorCode::provider_quota,
                    context_.provider + " limits how often it may be asked.",
                    "Wait a little and ask again.", true);
    }
    if (says_refused(report_)) return refused();
    if (report_.status == 408) {
      return failed(ErrorCode::provider_timeout, context_.provider + " ran out of time.",
                    "Ask again.", true);
    }
    return other();
  }

 private:
  stream::Failed failed(ErrorCode code, std::string message, std::string hint,
                        bool retryable) const {
    stream::Failed out;
    out.error = {code, std::move(message), std::move(hint)};
    out.provider = context_.provider;
    out.retryable = retryable;
    return out;
  }

  stream::Failed refused() const {
    return failed(ErrorCode::provider_auth,
                  context_.provider + (context_.api_key.empty()
                                           ? " wants a key, and none is configured."
                                           : " refused the key, or what it may be used for."),
                  "Set OPENAI_API_KEY to a valid key of the server at OPENAI_BASE_URL.", false);
  }

  stream::Failed other() const {
    std::string message = context_.provider + " reported an error";
    if (report_.status >= 300) message += " (HTTP " + std::to_string(report_.status) + ")";
    const std::string words = redact(report_.message, {context_.api_key, context_.question});
    message += words.empty() ? "." : ": " + words;
    return failed(ErrorCode::provider_error, std::move(message), hint(), may_pass(report_));
  }

  std::string hint() const {
    if (may_pass(report_)) return "Ask again in a little while.";
    if (report_.status == 404 || (report_.status >= 300 && report_.status < 400)) {
      return "Check OPENAI_BASE_URL: it ends with the version part, as in "
             "https://api.openai.com/v1.";
    }
    return "";
  }

  const ErrorContext& context_;
  const Report& report_;
};

/// A decimal number in thousandths, for example "1.5" -> 1500. Written out because wasm's libc++
/// has no from_chars for floats.
std::optional<std::int64_t> thousandths(std::string_view text) {
  constexpr std::size_t digits_most = 9;
  std::int64_t value = 0;
  std::size_t at = 0;
  const auto digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  for (; digit() && at < digits_most; ++at) value = value * 10 + (text[at] - '0');
  if (at == 0 || digit()) return std::nullopt;
  std::int64_t unit = 1000;
  value *= unit;
  if (at < text.size() && text[at] == '.') {
    for (++at; digit(); ++at) {
      unit /= 10;
      value += (text[at] - '0') * unit;
    }
  }
  return at == text.size() ? std::optional<std::int64_t>(value) : std::nullopt;
}

/// What a body that is no whole JSON says to people.
std::string_view words_of(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || body[first] == '{') return {};
  // A proxy's page, or a wrong address.
  if (body[first] == '<') return "a web page in place of an answer";
  return body.substr(first);
}

std::string_view header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& each : headers) {
    if (each.name == name) return each.value;
  }
  return {};
}

}  // namespace

std::optional<std::chrono::milliseconds> retry_after(const std::vector<Header>& headers) {
  constexpr std::int64_t most = 24 * 60 * 60 * 1000;  // a longer wait is no help to anyone
  std::optional<std::int64_t> wait = thousandths(header(headers, "retry-after-ms"));
  if (wait) {
    *wait /= 1000;
  } else {
    wait = thousandths(header(headers, "retry-after"));
  }
  if (!wait || *wait > most) return std::nullopt;
  return std::chrono::milliseconds(*wait);
}

stream::Failed classify_response(const ErrorContext& context, int status,
                                 const std::vector<Header>& headers, std::string_view body) {
  Report report;
  report.status = status;
  if (const auto value = parse_lenient(body); value && value->is_object()) {
    const json::Value* error = json::find(*value, "error");
    report = read_report(status, error ? *error : *value);
  } else {
    report.message = words_of(body);
  }
  stream::Failed failed = Classifier(context, report).classify();
  if (failed.retryable) failed.retry_after = retry_after(headers);
  return failed;
}

stream::Failed classify_error(const ErrorContext& context, const json::Value& error) {
  const Report report = read_report(0, error);
  return Classifier(context, report).classify();
}

}  // namespace weir::provider
