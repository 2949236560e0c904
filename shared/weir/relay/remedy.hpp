#pragma once

#include <cstdint>
#include <optional>

#include "weir/base/error.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/stream/event.hpp"

namespace weir::relay {

/// What can be done after a provider failed, in the order in which it is thought of.
enum class Remedy : std::uint8_t {
  none,            ///< the failure is the answer's end
  other_key,       ///< the same again at once, with another of the provider's keys
  retry,           ///< the same again, after a while
  other_provider,  ///< the next one of the chain
  shorten,         ///< the same with a prompt of which more was left out
  continue_text,   ///< behind what has been shown, where the model can
};

/// What an answer has come to, and what it has been through.
struct Progress {
  bool shown = false;          ///< some of it is in the log
  bool can_continue = false;   ///< the model continues a text, and all that was shown is text
  bool has_other_key = false;  ///< one that does not rest
  bool has_stand_in = false;   ///< a provider of the chain that was not asked yet and does not rest
  bool shortened = false;      ///< the prompt was, already
  bool late = false;           ///< the time for all this is over
  std::uint32_t retries = 0;   ///< at this provider
  std::uint32_t continuations = 0;  ///< behind a text that broke off
};

/// The policy. Nothing that was shown is ever taken back: an answer that has begun only goes on,
/// or fails.
Remedy remedy_for(const stream::Failed& failed, const Progress& progress,
                  const limits::Recovery& limits);

/// The failure speaks of the provider, not of this request: it counts against the provider's
/// health.
bool is_the_providers(const stream::Failed& failed);

}  // namespace weir::relay
