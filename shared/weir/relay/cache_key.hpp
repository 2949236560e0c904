#pragma once

#include <array>
#include <cstdint>

#include "weir/prompt/builder.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/answer.hpp"

namespace weir::relay {

/// What is asked of a provider: provider and model, every parameter, the whole prompt, and what the
/// asker is told of it (which passages were kept, so the pack's version counts, too). Requests that
/// were written in other ways and mean the same give the same. `client`: whose it is; 0 for all.
CacheKey cache_key(std::uint64_t client, const Run& run, const prompt::Prompt& prompt,
                   const provider::Digests& digests);

}  // namespace weir::relay
