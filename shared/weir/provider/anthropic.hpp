#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// The Messages API (https://docs.claude.com/en/api/messages-streaming): a stream of events whose
/// data says its type again.
HttpRequest anthropic_request(const Call& call);

std::unique_ptr<StreamCodec> anthropic_codec(const Call& call);

}  // namespace weir::provider
