#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/stream/event.hpp"
#include "weir/wire/frames.hpp"

/// The client's machine: it keeps every answer of a page flowing, over one shared WebSocket where
/// that gets through and over HTTP streaming where it does not, resumes after cuts on either, and
/// gives each event out once, in order. The host only opens, sends, closes and tells what came.
namespace weir::transport {

using wire::Ref;
/// The machine's own, for finding out whether a connection lives; no answer may have it.
constexpr Ref probe_ref = 0xffff'ffff;
/// A WebSocket the machine asked for. Ids are never used again.
using SocketId = std::uint32_t;
/// An HTTP exchange the machine asked for. Ids are never used again.
using ExchangeId = std::uint32_t;

// -- inputs: the reader

/// Opens the shared socket before the first question, so that the status is known and asking is
/// fast.
struct Connect {};

struct Ask {
  Ref ref = 0;          ///< neither 0, nor probe_ref, nor one used before
  Id128 key;            ///< 128 random bits from the host's secure source, fresh for every question
  std::string request;  ///< ChatCompletionRequest as JSON text
  bool again = false;   ///< this key may have been sent before, from elsewhere: a Stop must be told
};

/// Reads an answer that someone (perhaps this page before a reload) asked for.
struct Follow {
  Ref ref = 0;
  Id128 answer;
  stream::Cursor after = 0;
  std::optional<Id128> key;  ///< with it, this reader may cancel too
};

struct Cancel {
  Ref ref = 0;
};

/// The host's hint that the network came or went: wakes or stops the backoff, and has every socket
/// show that it still lives.
struct NetworkChanged {
  bool online = true;
};

/// The edge has answered the host over HTTP for a reason of the host's own, such as listing models:
/// a page that cannot open a socket then knows before its first question that HTTP works.
struct HttpAnswered {};

// -- inputs: the network

struct SocketOpened {
  SocketId socket = 0;
};
struct SocketText {
  SocketId socket = 0;
  std::string text;
};
/// Closed, cut, or never opened: a page is not told which.
struct SocketClosed {
  SocketId socket = 0;
};
struct HttpHead {
  ExchangeId exchange = 0;
  int status = 0;
  std::string answer;  ///< the Weir-Answer header, or empty
};
struct HttpBytes {
  ExchangeId exchange = 0;
  std::string bytes;
};
/// The body is over. `clean` false: the connection broke or never was.
struct HttpEnded {
  ExchangeId exchange = 0;
  bool clean = true;
};

/// Time has passed: due at deadline(). A host that comes much later (limits::Transport::asleep) was
/// asleep, and the time that it slept away counts for nothing.
struct Tick {};

using Input = std::variant<Connect, Ask, Follow, Cancel, NetworkChanged, HttpAnswered, SocketOpened,
                           SocketText, SocketClosed, HttpHead, HttpBytes, HttpEnded, Tick>;

// -- actions

/// GET {edge}/v1/socket with subprotocol weir.v1.
struct OpenSocket {
  SocketId socket = 0;
};
struct SendText {
  SocketId socket = 0;
  std::string text;
};
struct CloseSocket {
  SocketId socket = 0;
};
struct OpenHttp {
  ExchangeId exchange = 0;
  std::string method;
  std::string path;  ///< to append to the edge's base address, for example "/v1/answers"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct AbortHttp {
  ExchangeId exchange = 0;
};
/// An event of the answer `ref`: each once, in order; one that ends the answer is its last.
struct Deliver {
  Ref ref = 0;
  stream::Entry entry;
};
/// This ask reached no edge over either transport; the machine has forgotten it. The host may
/// answer it locally.
struct Unreachable {
  Ref ref = 0;
};

enum class Status : std::uint8_t { connecting, websocket, http, offline };
std::string_view name(Status status);

struct StatusChanged {
  Status status = Status::connecting;
};

using Action = std::variant<OpenSocket, SendText, CloseSocket, OpenHttp, AbortHttp, Deliver,
                            Unreachable, StatusChanged>;

// -- the machine

struct Config {
  limits::Transport limits;
  std::uint64_t jitter_seed = 0;
};

struct Figures {
  std::uint64_t sockets_opened = 0;
  std::uint64_t exchanges_opened = 0;
  std::uint64_t resumes = 0;
  std::uint64_t bytes_received = 0;
};

class Transport {
 public:
  explicit Transport(Config config);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  void handle(Input input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;

  Status status() const;
  Figures figures() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace weir::transport
