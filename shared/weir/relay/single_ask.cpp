#include "weir/relay/single_ask.hpp"

#include <utility>

namespace weir::relay {

SingleAsk::SingleAsk(Relay& relay, const IdSource& ids, prompt::ChatRequest request, Instant now,
                     Client client)
    : relay_(relay), key_(ids()), reader_(relay.open_reader()) {
  relay_.handle(Ask{reader_, key_, ids(), std::move(request), std::move(client)}, now);
}

void SingleAsk::leave(Instant now) {
  relay_.handle(Detach{reader_}, now);
}

void SingleAsk::cancel(Instant now) {
  if (answer()) relay_.handle(Cancel{reader_, key_, std::nullopt}, now);
  leave(now);
}

}  // namespace weir::relay
