#pragma once

#include <memory>
#include <optional>

#include "http_io.hpp"
#include "lazy_timer.hpp"
#include "routes.hpp"
#include "services.hpp"

namespace weir::edge {

/// One client connection: reads requests, lets the gate judge them, and hands them to the face that
/// their route names.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Services& services, tcp::socket socket);

  void start();

 private:
  using Parser = http::request_parser<http::string_body>;

  Task<> serve();
  Task<std::unique_ptr<Exchange>> next_exchange();
  Task<bool> wait_for_request();
  Task<bool> read_request(Parser& parser);
  Task<bool> read_rest(Parser& parser);
  Task<bool> refuse(Parser& parser, Reply reply);
  Task<bool> answer(Exchange& exchange);
  Task<bool> dispatch(Exchange& exchange, const Route& route);
  Task<> hang_up();
  void close(bool at_once);
  void limit(Duration wait);
  void check_time();

  Services& services_;
  beast::tcp_stream stream_;
  LazyTimer timer_;
  std::optional<Instant> deadline_;  ///< of what is being read; the connection ends then
  beast::flat_buffer buffer_;
  bool idle_ = false;
  bool first_ = true;
  bool upgrade_ = false;          ///< the last request asked for a WebSocket, and may have it
  Registry::Close close_socket_;  ///< set once this is a WebSocket
  Registry::Place place_;
};

}  // namespace weir::edge
