#pragma once

#include <cstddef>

#include "reply.hpp"
#include "upstream_figures.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// GET /v1/providers: what can be asked, as the page's token meter needs it.
Reply providers_reply(const provider::Catalog& catalog);

/// GET /metrics, in Prometheus' text format.
Reply metrics_reply(const relay::Figures& figures, const UpstreamFigures& upstream,
                    std::size_t connections);

/// GET /readyz: whether new work may be sent here.
Reply ready_reply(bool draining);

}  // namespace weir::edge
