#include "weir/relay/remedy.hpp"

namespace weir::relay {
namespace {

/// Waiting or asking elsewhere may help: no request is at fault.
bool is_passing(const stream::Failed& failed) {
  switch (failed.error.code) {
    case ErrorCode::provider_unreachable:
    case ErrorCode::provider_timeout:
    case ErrorCode::provider_cut:
      return true;
    case ErrorCode::provider_error:
      return failed.retryable;
    default:
      return false;
  }
}

bool may_retry(const stream::Failed& failed, const Progress& progress,
               const limits::Recovery& limits) {
  return progress.retries < limits.retries && failed.retry_after.value_or(0ms) <= limits.wait_most;
}

}  // namespace

bool is_the_providers(const stream::Failed& failed) {
  return is_passing(failed);
}

Remedy remedy_for(const stream::Failed& failed, const Progress& progress,
                  const limits::Recovery& limits) {
  if (progress.shown) {
    const bool continues = is_passing(failed) && progress.can_continue;
    return continues && progress.continuations < limits.continuations ? Remedy::continue_text
                                                                      : Remedy::none;
  }
  if (progress.late) return Remedy::none;
  if (failed.error.code == ErrorCode::context_too_long) {
    return progress.shortened ? Remedy::none : Remedy::shorten;
  }
  const Remedy elsewhere = progress.has_stand_in ? Remedy::other_provider : Remedy::none;
  if (failed.error.code == ErrorCode::provider_quota) {
    return progress.has_other_key ? Remedy::other_key : elsewhere;
  }
  if (!is_passing(failed)) return Remedy::none;
  return may_retry(failed, progress, limits) ? Remedy::retry : elsewhere;
}

}  // namespace weir::relay
