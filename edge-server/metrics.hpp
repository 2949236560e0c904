#pragma once

#include <cstddef>

#include "process_figures.hpp"
#include "reply.hpp"
#include "upstream_figures.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// All that the edge knows about itself.
struct EdgeFigures {
  relay::Figures relay;
  const relay::Meters& meters;
  UpstreamFigures upstream;
  ProcessFigures process;
  std::size_t connections = 0;  ///< of clients
};

/// GET /metrics, in Prometheus' text format. What OpenTelemetry names for clients of models has
/// those names (docs/gen-ai/gen-ai-metrics.md of open-telemetry/semantic-conventions-genai), as
/// Prometheus writes them: `gen_ai.client.operation.duration` in seconds is
/// `gen_ai_client_operation_duration_seconds`. Everything else begins with `weir_`.
Reply metrics_reply(const EdgeFigures& figures);

}  // namespace weir::edge
