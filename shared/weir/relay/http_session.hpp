#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/relay/http_head.hpp"
#include "weir/relay/relay.hpp"
#include "weir/relay/socket_session.hpp"

namespace weir::relay {

/// The edge's side of one HTTP exchange about an answer: POST /v1/answers, GET /v1/answers/{id},
/// DELETE /v1/answers[/{id}] (wire/PROTOCOL.md). Construct it with one of the three, wait for
/// head(), send it, then pull chunks.
class HttpSession {
 public:
  using Head = HttpHead;

  /// `key` is the Weir-Key header's text, `body` the request's; `client` as in relay::Ask.
  static std::unique_ptr<HttpSession> ask(Relay& relay, const IdSource& ids, std::string_view key,
                                          std::string_view body, const limits::Server& server,
                                          const limits::Request& request, Instant now,
                                          Client client = {});
  /// `answer` from the path; `after` from Last-Event-ID or ?after=, empty for the beginning.
  static std::unique_ptr<HttpSession> follow(Relay& relay, std::string_view answer,
                                             std::string_view after, const limits::Server& server,
                                             Instant now);
  /// `answer` may be empty: the key alone names it.
  static std::unique_ptr<HttpSession> cancel(Relay& relay, std::string_view answer,
                                             std::string_view key, const limits::Server& server,
                                             Instant now);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  /// Has the response end by itself, in order and mostly without a last event: shortly after it has
  /// brought something, or after so long (limits::Server::poll_most at most). Proxies that hold a
  /// response back until it ends pass such ones on; the client comes again with its cursor.
  void poll(Duration wait, Instant now);

  /// Whose WakeReader says that there may be a chunk. 0 where the request was refused before it
  /// reached the relay.
  ReaderId reader() const { return reader_; }
  /// The response's head, as soon as it is known: at once, or after the first wake.
  std::optional<Head> head(Instant now);
  /// Appends the next bytes of the event stream (or a keep-alive comment). False: there are none;
  /// wait for a wake or the deadline.
  bool append_chunk(std::string& out, Instant now);
  std::optional<std::string> next_chunk(Instant now);
  /// The stream's last event has been pulled.
  bool finished() const { return finished_; }
  std::optional<Instant> deadline() const;
  /// The connection is gone, or the exchange is over.
  void close(Instant now);

 private:
  HttpSession(Relay& relay, const limits::Server& server, Instant now);

  ReaderId open_reader();
  void refuse(const stream::Failed& failed);
  void settle_cancel();
  void settle_attachment();

  Relay& relay_;
  limits::Server server_;
  ReaderId reader_ = 0;
  std::optional<Head> head_;
  bool finished_ = false;
  Instant last_sent_;
  std::optional<Instant> ends_at_;  ///< the response, whatever has come by then
};

}  // namespace weir::relay
