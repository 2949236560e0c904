#include "weir/provider/provider_errors.hpp"

#include <utility>

#include "weir/provider/redact.hpp"

namespace weir::provider {
namespace {

stream::Failed make(const ErrorContext& context, ErrorCode code, std::string message,
                    std::string hint, bool retryable) {
  stream::Failed out;
  out.error = {code, std::move(message), std::move(hint)};
  out.provider = context.provider;
  out.retryable = retryable;
  return out;
}

/// The provider's own words, behind what we know for certain.
std::string quoted(const ErrorContext& context, const ErrorReport& report,
                   std::string_view what_happened) {
  std::string message(what_happened);
  if (report.status >= 300) message += " (HTTP " + std::to_string(report.status) + ")";
  std::vector<std::string_view> secrets = {context.api_key, context.question};
  secrets.insert(secrets.end(), context.secrets.begin(), context.secrets.end());
  const std::string words = redact(report.message, secrets);
  return message + (words.empty() ? "." : ": " + words);
}

stream::Failed other(const ErrorContext& context, Cause cause, const ErrorReport& report) {
  const bool passing = cause == Cause::passing;
  std::string hint;
  if (passing) {
    hint = "Ask again in a little while.";
  } else if (report.status == 404 || (report.status >= 300 && report.status < 400)) {
    hint = context.hints.address;
  }
  return make(context, ErrorCode::provider_error,
              quoted(context, report, context.provider + " reported an error"), std::move(hint),
              passing);
}

stream::Failed refused(const ErrorContext& context) {
  return make(context, ErrorCode::provider_auth,
              context.provider + (context.api_key.empty()
                                      ? " wants a key, and none is configured."
                                      : " refused the key, or what it may be used for."),
              context.hints.key, false);
}

stream::Failed model_missing(const ErrorContext& context) {
  return make(context, ErrorCode::provider_model_missing,
              context.provider + " does not have the model \"" + context.model +
                  "\", or this key may not use it.",
              context.hints.model.empty() ? "Choose another model." : context.hints.model, false);
}

stream::Failed described(const ErrorContext& context, Cause cause, const ErrorReport& report) {
  switch (cause) {
    case Cause::context_too_long:
      return make(context, ErrorCode::context_too_long,
                  context.provider + " says that the prompt is too long for its model.",
                  "Ask a shorter question or with fewer passages, or choose a model with a "
                  "larger context.",
                  false);
    case Cause::model_missing:
      return model_missing(context);
    case Cause::quota_used_up:
      return make(context, ErrorCode::provider_quota,
                  "The quota or credit at " + context.provider + " is used up.",
                  "Look at the plan and billing of the account that the key belongs to.", false);
    case Cause::rate_limited:
      return make(context, ErrorCode::provider_quota,
                  context.provider + " limits how often it may be asked.",
                  "Wait a little and ask again.", true);
    case Cause::refused:
      return refused(context);
    case Cause::not_found:
      return make(context, ErrorCode::provider_auth,
                  context.provider + " has nothing at the address that it was asked at.",
                  context.hints.key, false);
    case Cause::blocked:
      return make(context, ErrorCode::provider_error,
                  quoted(context, report, context.provider + "'s filter refused the prompt"),
                  "Put the question in other words, or ask with other passages.", false);
    case Cause::timed_out:
      return make(context, ErrorCode::provider_timeout, context.provider + " ran out of time.",
                  "Ask again.", true);
    case Cause::passing:
    case Cause::other:
      break;
  }
  return other(context, cause, report);
}

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

/// Nothing for a wait of more than a day.
std::optional<std::chrono::milliseconds> wait_of(std::optional<std::int64_t> milliseconds) {
  constexpr std::int64_t most = 24 * 60 * 60 * 1000;
  if (!milliseconds || *milliseconds > most) return std::nullopt;
  return std::chrono::milliseconds(*milliseconds);
}

}  // namespace

Cause cause_of_status(int status) {
  switch (status) {
    case 401:
    case 403:
      return Cause::refused;
    case 402:
      return Cause::quota_used_up;
    case 408:
      return Cause::timed_out;
    case 409:
      return Cause::passing;
    case 429:
      return Cause::rate_limited;
    default:
      return status >= 500 ? Cause::passing : Cause::other;
  }
}

stream::Failed failed(const ErrorContext& context, Cause cause, const ErrorReport& report) {
  stream::Failed out = described(context, cause, report);
  if (out.retryable) out.retry_after = report.retry_after;
  return out;
}

stream::Failed cut(const ErrorContext& context) {
  return make(context, ErrorCode::provider_cut,
              context.provider + "'s stream broke off before the answer was whole.", "Ask again.",
              true);
}

stream::Failed not_its_protocol(const ErrorContext& context, std::string_view what) {
  return make(context, ErrorCode::provider_error,
              context.provider + " sent something that is no " + std::string(what) + ".",
              context.hints.address, false);
}

std::optional<stream::Failed> unreadable(const ErrorContext& context,
                                         const std::vector<Header>& headers) {
  const std::string_view coding = header(headers, "content-encoding");
  if (coding.empty() || coding == "identity") return std::nullopt;
  return make(context, ErrorCode::provider_error,
              context.provider + " sent its answer compressed, though it was not asked to.",
              "Look for a proxy on the way to it that compresses: it must leave these streams be.",
              false);
}

stream::Failed message_too_large(const ErrorContext& context, std::size_t bytes_most) {
  return make(
      context, ErrorCode::provider_error,
      context.provider + " sent one message of more than " + std::to_string(bytes_most) + " bytes.",
      "", false);
}

std::optional<std::chrono::milliseconds> retry_after(const std::vector<Header>& headers) {
  if (auto wait = thousandths(header(headers, "retry-after-ms"))) return wait_of(*wait / 1000);
  return seconds(header(headers, "retry-after"));
}

std::optional<std::chrono::milliseconds> seconds(std::string_view text) {
  return wait_of(thousandths(text));
}

std::string_view header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& each : headers) {
    if (each.name == name) return each.value;
  }
  return {};
}

std::string_view words_of(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || body[first] == '{' || body[first] == '[') return {};
  // A proxy's page, or a wrong address.
  if (body[first] == '<') return "a web page in place of an answer";
  return body.substr(first);
}

}  // namespace weir::provider
