#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// What went wrong, as a closed list: the codes of the client protocol (wire/PROTOCOL.md), and
/// below them the ones that only local work (packs, folders) can meet.
enum class ErrorCode : std::uint8_t {
  invalid_request,   ///< the request breaks the protocol or its schema; the message names the field
  unauthorized,      ///< the client has not said who it is, or its key is wrong
  forbidden_origin,  ///< Host or Origin is not an allowed one
  not_found,         ///< no such answer, pack or file
  request_too_large,       ///< a named size limit was passed
  context_too_long,        ///< the prompt does not fit the model even after everything optional was
                           ///< dropped
  rate_limited,            ///< too many requests from this client
  queue_full,              ///< no place left to wait in
  provider_auth,           ///< the provider refused our credentials
  provider_quota,          ///< the provider's quota or rate limit is used up
  provider_model_missing,  ///< the provider does not know the model
  provider_unreachable,    ///< no connection: DNS, TCP or TLS failed
  provider_timeout,        ///< a named wait ended without an answer
  provider_cut,            ///< the provider's stream broke off after it had begun
  provider_error,          ///< any other failure the provider reported
  cancelled,               ///< the asker pressed Stop
  internal,                ///< a defect of ours
  pack_damaged,            ///< a pack whose bytes are not what was written
  pack_unsupported,        ///< not a pack, or one of a version this build cannot read
};

/// The code's name on the wire, in JSON and in logs, for example "provider_auth".
std::string_view name(ErrorCode code);
std::optional<ErrorCode> error_code(std::string_view name);

/// An expected failure. `message` says what happened, `hint` what to do about it (may be empty);
/// both are plain sentences for people and never hold secrets.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string hint;

  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace weir
