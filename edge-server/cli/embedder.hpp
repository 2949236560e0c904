#pragma once

#include <functional>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/relay/bulk_embedding.hpp"

namespace weir::cli {

/// Who is told how it goes on, on the thread that embeds.
struct EmbeddingListener {
  /// What has come, each part once. With an error all is given up, and that is the failure.
  std::function<Result<void>(relay::BulkEmbedding::Part&&)> part;
  /// Nothing is asked for now, for so long.
  std::function<void(const stream::Failed& why, Duration wait)> pause = [](const auto&, auto) {};
};

/// Has a provider embed texts, over the network, and returns when all is there. Proxies are those
/// of the environment. Otherwise the failure of the provider, or of the listener.
Result<void> embed(relay::BulkJob job, const limits::BulkEmbedding& limits,
                   const EmbeddingListener& listener);

}  // namespace weir::cli
