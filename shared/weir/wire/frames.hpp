#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "weir/base/id128.hpp"
#include "weir/base/result.hpp"
#include "weir/stream/event.hpp"

/// The client protocol's vocabulary (PROTOCOL.md): one set of events, written as WebSocket text
/// frames or as server-sent events.
namespace weir::wire {

/// The WebSocket subprotocol.
constexpr std::string_view subprotocol = "weir.v1";

/// Chosen by the client to tell the answers of one connection apart; never 0.
using Ref = std::uint32_t;

// -- client to edge, over WebSocket

/// Who asks, from now on, on this connection: a code or a token; empty takes it back.
struct AccessFrame {
  std::string token;  ///< a secret

  friend bool operator==(const AccessFrame&, const AccessFrame&) = default;
};

struct AskFrame {
  Ref ref = 0;
  Id128 key;
  std::string request;  ///< the ChatCompletionRequest as JSON text, not yet validated

  friend bool operator==(const AskFrame&, const AskFrame&) = default;
};

struct ResumeFrame {
  Ref ref = 0;
  Id128 answer;
  stream::Cursor after = 0;

  friend bool operator==(const ResumeFrame&, const ResumeFrame&) = default;
};

/// Cancels by the key alone: it names the answer even before the client has heard of its id, and
/// even before the ask arrives.
struct CancelFrame {
  Id128 key;
  std::optional<Id128> answer;

  friend bool operator==(const CancelFrame&, const CancelFrame&) = default;
};

using ClientFrame = std::variant<AccessFrame, AskFrame, ResumeFrame, CancelFrame>;

std::string write_client_frame(const ClientFrame& frame);
Result<ClientFrame> read_client_frame(std::string_view text);

// -- edge to client

/// The keep-alive: a page cannot see pings.
struct AliveFrame {
  friend bool operator==(const AliveFrame&, const AliveFrame&) = default;
};

/// An event of the answer that the client calls `ref`. ref 0: the frame concerns the connection
/// (`notice{draining}`, or an `error` about a frame that could not be read).
struct EventFrame {
  Ref ref = 0;
  stream::Entry entry;

  friend bool operator==(const EventFrame&, const EventFrame&) = default;
};

using ServerFrame = std::variant<AliveFrame, EventFrame>;

std::string write_server_frame(const ServerFrame& frame);
/// The same for an event where it lies: appends the frame's text.
void append_event_frame(std::string& out, Ref ref, const stream::EntryView& entry);
/// Nothing for a type this version does not know: newer edges may send more. A client ignores it.
Result<std::optional<ServerFrame>> read_server_frame(std::string_view text);

// -- the same events as server-sent events

void append_sse(std::string& out, const stream::Entry& entry);
void append_sse(std::string& out, const stream::EntryView& entry);
/// `type`, `id` and `data` as sse::Parser gives them; nothing for a type this version does not
/// know.
Result<std::optional<stream::Entry>> read_sse(std::string_view type, std::string_view id,
                                              std::string_view data);

// -- outside streams

/// The body of an HTTP error: {"error":{code, message, hint, ...}}, the same members as the
/// event's.
std::string write_error_body(const stream::Failed& failed);
/// What an HTTP error response means to a client; a body that is not ours gives `internal` with the
/// status, or `request_too_large` where that is what the status says.
stream::Failed read_error_body(int status, std::string_view body);
/// The HTTP status for an error that came before the stream began.
int http_status(ErrorCode code);

/// One event as a JSON object {"type", "cursor"?, ...members}: what the npm package yields.
std::string write_event(const stream::Entry& entry);

}  // namespace weir::wire
