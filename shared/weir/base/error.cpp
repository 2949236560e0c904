#include "weir/base/error.hpp"

#include <array>
#include <utility>

namespace weir {
namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 19> names = {{
    {ErrorCode::invalid_request, "invalid_request"},
    {ErrorCode::unauthorized, "unauthorized"},
    {ErrorCode::forbidden_origin, "forbidden_origin"},
    {ErrorCode::not_found, "not_found"},
    {ErrorCode::request_too_large, "request_too_large"},
    {ErrorCode::context_too_long, "context_too_long"},
    {ErrorCode::rate_limited, "rate_limited"},
    {ErrorCode::queue_full, "queue_full"},
    {ErrorCode::provider_auth, "provider_auth"},
    {ErrorCode::provider_quota, "provider_quota"},
    {ErrorCode::provider_model_missing, "provider_model_missing"},
    {ErrorCode::provider_unreachable, "provider_unreachable"},
    {ErrorCode::provider_timeout, "provider_timeout"},
    {ErrorCode::provider_cut, "provider_cut"},
    {ErrorCode::provider_error, "provider_error"},
    {ErrorCode::cancelled, "cancelled"},
    {ErrorCode::internal, "internal"},
    {ErrorCode::pack_damaged, "pack_damaged"},
    {ErrorCode::pack_unsupported, "pack_unsupported"},
}};

}  // namespace

std::string_view name(ErrorCode code) {
  for (const auto& [known, text] : names) {
    if (known == code) return text;
  }
  return "internal";
}

std::optional<ErrorCode> error_code(std::string_view text) {
  for (const auto& [code, known] : names) {
    if (known == text) return code;
  }
  return std::nullopt;
}

}  // namespace weir
