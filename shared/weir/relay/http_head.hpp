#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "weir/base/id128.hpp"
#include "weir/stream/event.hpp"

namespace weir::relay {

/// The head of a response about an answer, and its body where that is no stream.
struct HttpHead {
  int status = 200;
  std::string content_type;
  std::optional<Id128> answer;                 ///< the Weir-Answer header
  stream::Reused reused = stream::Reused::no;  ///< the Weir-Reused header
  std::string body;      ///< whole body where it is no stream (errors; empty for 204)
  bool streams = false;  ///< chunks follow
  std::optional<std::uint32_t> retry_after_seconds;
  bool final =
      false;  ///< of an error: it would come again, so clients are not to repeat the request
};

}  // namespace weir::relay
