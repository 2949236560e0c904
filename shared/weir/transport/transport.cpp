#include "weir/transport/transport.hpp"

#include "weir/transport/core.hpp"

namespace weir::transport {

std::string_view name(Status status) {
  switch (status) {
    case Status::connecting:
      return "connecting";
    case Status::websocket:
      return "websocket";
    case Status::http:
      return "http";
    case Status::offline:
      return "offline";
  }
  return "offline";
}

Transport::Transport(Config config) : core_(std::make_unique<Core>(config)) {}
Transport::~Transport() = default;

void Transport::handle(Input input, Instant now) {
  core_->handle(input, now);
}
std::optional<Action> Transport::poll() {
  return core_->poll();
}
std::optional<Instant> Transport::deadline() const {
  return core_->deadline();
}
Status Transport::status() const {
  return core_->status();
}
Figures Transport::figures() const {
  return core_->figures();
}

}  // namespace weir::transport
