// Requests from anyone, byte for byte: read in pieces of any size they are taken or refused alike,
// and whatever is taken can be asked all that the edge asks of a request.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "byte_range.hpp"
#include "clients.hpp"
#include "credentials.hpp"
#include "preflight.hpp"
#include "request_reader.hpp"
#include "routes.hpp"
#include "websocket_handshake.hpp"
#include "weir/base/assert.hpp"
#include "weir/wire/trace.hpp"

namespace {

using namespace weir;

const edge::Gate& gate() {
  static const edge::Gate gate({"edge.example"}, {"https://app.example"});
  return gate;
}

/// What is to be sent must hold no line of the request's making.
void check(const edge::Reply& reply) {
  for (const auto& [name, value] : reply.headers) {
    WEIR_ASSERT(value.find_first_of("\r\n") == std::string::npos);
  }
}

std::string look_at(const edge::Request& request) {
  std::string seen(request.method_string());
  seen.append(" ").append(request.target()).append(" ");
  const auto route = edge::find_route({request.target().data(), request.target().size()});
  if (route) {
    seen += route->name + "?" + route->after;
  }
  const auto range = edge::parse_range(edge::field(request, edge::http::field::range), 1000);
  if (range.kind == edge::ByteRange::Kind::part) {
    WEIR_ASSERT(range.first <= range.last && range.last < 1000);
  }
  seen += edge::bearer_or_cookie_of(request);
  seen += std::to_string(
      edge::Clients().client_of("192.0.2.1", edge::joined_field(request, "x-forwarded-for")));
  if (const auto trace = wire::read_traceparent(edge::joined_field(request, "traceparent"))) {
    WEIR_ASSERT(trace->id != Id128());
    // Flags that version 00 does not know are not passed on.
    const wire::Trace known{trace->id, static_cast<std::uint8_t>(trace->flags & 1)};
    WEIR_ASSERT(wire::read_traceparent(wire::write_traceparent(*trace, 1)) == known);
  }
  if (const auto refused = edge::refuse_upgrade(request, "weir.v1")) {
    check(*refused);
  } else {
    seen += edge::upgrade_head(request, "weir.v1");
  }
  check(edge::preflight_reply(edge::field(request, "access-control-request-headers"), false));
  return seen + request.body();
}

/// All requests of a connection, one behind the other, until one is refused. How early something is
/// seen to be wrong may depend on the pieces; what is taken must not.
std::string read(std::string_view bytes, std::size_t piece) {
  limits::Server server;
  server.header_bytes = 2048;
  limits::Request most;
  most.body_bytes = 2048;
  std::string seen;
  std::string waiting;
  std::optional<edge::RequestReader> reader(std::in_place, gate(), server, most);
  while (!bytes.empty()) {
    waiting += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      std::string_view front = waiting;
      reader->read(front);
      waiting.erase(0, waiting.size() - front.size());
      if (!reader->done()) break;
      if (reader->refusal()) {
        check(*reader->refusal());
        return seen;
      }
      const bool keep_alive = reader->keep_alive();
      seen += look_at(reader->release()) + "\n";
      if (!keep_alive) return seen;
      reader.emplace(gate(), server, most);
      if (waiting.empty()) break;
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(bytes, SIZE_MAX);
  WEIR_ASSERT(read(bytes, 1) == whole);
  WEIR_ASSERT(read(bytes, 7) == whole);
  return 0;
}
