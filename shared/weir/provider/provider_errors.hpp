#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/provider/provider.hpp"

namespace weir::provider {

/// What to do about a failure, in one provider's own words; an empty one leaves it open.
struct Hints {
  std::string key;      ///< which variable to set
  std::string address;  ///< what the base URL looks like
  std::string model;    ///< how to get another model, or this one
};

/// An error as a provider described it; what it did not say is empty.
struct ErrorReport {
  int status = 0;  ///< HTTP's, 0 where the response had begun well
  std::string code;
  std::string type;
  std::string message;
  std::string details;  ///< more that tells causes apart; never shown
  std::optional<std::chrono::milliseconds> retry_after;
};

/// What a report means: decided by each provider's own codes and words.
enum class Cause : std::uint8_t {
  context_too_long,
  model_missing,
  quota_used_up,  ///< waiting does not help
  rate_limited,   ///< waiting does
  refused,        ///< the key, or what it may be used for
  not_found,      ///< nothing is where the provider's variables point
  blocked,        ///< a filter refused the prompt
  timed_out,
  passing,  ///< the provider's own trouble: overloaded, restarting, broken for now
  other,    ///< the request's or the address's fault, or one we cannot name
};

/// What an error may name and must hide.
struct ErrorContext {
  std::string provider;  ///< its name
  std::string model;
  std::string api_key;   ///< never shown
  std::string question;  ///< never shown: some servers quote the request in their errors
  Hints hints = {};
  std::vector<std::string> secrets = {};  ///< others that are never shown
  /// Where several providers share a reading of errors: what this one means by its own codes.
  std::optional<Cause> (*own_cause)(const ErrorReport& report) = nullptr;
};

/// The cause that a status alone tells: 402, 408, 429, 401, 403, 409 and 5xx have one meaning
/// everywhere (RFC 9110, 15.5 and 15.6).
Cause cause_of_status(int status);

/// The failure in our words. The provider's own are quoted only where we cannot say it better, and
/// never with a key or the question in them.
stream::Failed failed(const ErrorContext& context, Cause cause, const ErrorReport& report);

/// The stream ended, in order or not, before the answer did.
stream::Failed cut(const ErrorContext& context);
/// What came is nothing of this provider's; `what` is what should have come ("chat completion").
stream::Failed not_its_protocol(const ErrorContext& context, std::string_view what);
/// What is wrong with the head of a response that began well: it is in a content coding (RFC 9110,
/// 8.4), though none was asked for. Nothing: it can be read.
std::optional<stream::Failed> unreadable(const ErrorContext& context,
                                         const std::vector<Header>& headers);
stream::Failed message_too_large(const ErrorContext& context, std::size_t bytes_most);

/// How long to wait by `retry-after-ms` or `retry-after` in seconds (RFC 9110, 10.2.3), as the
/// clients of OpenAI and Anthropic read them. A date is passed over: there is no clock here.
std::optional<std::chrono::milliseconds> retry_after(const std::vector<Header>& headers);

/// A decimal number of seconds ("1.5"); nothing for what is no number or more than a day, which is
/// no help to anyone.
std::optional<std::chrono::milliseconds> seconds(std::string_view text);

/// The value of a header (its name in lower case), or an empty one.
std::string_view header(const std::vector<Header>& headers, std::string_view name);

/// Providers say in words what has no code.
inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// What a body that is no whole JSON says to people.
std::string_view words_of(std::string_view body);

}  // namespace weir::provider
