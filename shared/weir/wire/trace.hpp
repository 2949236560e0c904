#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/id128.hpp"

namespace weir::wire {

/// Which trace a request belongs to: what the header `traceparent` says
/// (https://www.w3.org/TR/trace-context/, 3.2).
struct Trace {
  Id128 id;
  std::uint8_t flags = 0;  ///< bit 0: whoever began the trace may have recorded it

  friend bool operator==(const Trace&, const Trace&) = default;
};

/// Nothing where the header is not one: a broken one is to be passed over, and a new trace begun.
/// Later versions are read as far as this one goes.
std::optional<Trace> read_traceparent(std::string_view header);

/// The header for a request of ours within the trace; `span` names that request, and must not be 0.
std::string write_traceparent(const Trace& trace, std::uint64_t span);

}  // namespace weir::wire
