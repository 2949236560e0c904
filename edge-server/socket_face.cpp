#include "socket_face.hpp"

#include <algorithm>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>

#include "wake.hpp"
#include "weir/relay/socket_session.hpp"
#include "weir/wire/frames.hpp"

namespace weir::edge {
namespace {

namespace websocket = beast::websocket;
/// Deltas are too small for deflate to pay.
using Stream = websocket::stream<beast::tcp_stream, false>;

constexpr std::size_t read_bytes = 64 << 10;
/// The session refuses a frame that is a little too large with a typed error; one this many times
/// the limit of a request ends the connection (close code 1009).
constexpr std::size_t oversize_factor = 2;
/// A client that talks on without reading what it is told is cut: its errors would pile up.
constexpr std::size_t unanswered_frames_most = 1024;

bool offers_subprotocol(std::string_view offered) {
  return http::token_list(offered).exists(wire::subprotocol);
}

std::string draining_frame() {
  stream::Notice notice;
  notice.kind = stream::Notice::Kind::draining;
  notice.message = "This edge is going down: use another connection for the next question.";
  return wire::write_server_frame(wire::EventFrame{0, {0, std::move(notice)}});
}

/// One WebSocket: a coroutine that reads, one that writes, and a watch over stuck writes. Frames
/// are pulled from the session when the last one is written, so a slow client costs its socket's
/// buffer and nothing more.
class Socket : public Follower, public std::enable_shared_from_this<Socket> {
 public:
  Socket(Services& services, beast::tcp_stream stream)
      : services_(services),
        stream_(std::move(stream)),
        wake_(stream_.get_executor()),
        watch_timer_(stream_.get_executor()),
        session_(services.driver.relay(), services.fresh_id, services.server, services.request,
                 now()) {
    session_.on_reader = [this](relay::ReaderId reader) { add_reader(reader); };
  }

  Task<> serve(const Request& request) {
    const bool accepted = co_await accept(request);
    if (!accepted) co_return;
    spawn(&Socket::write_frames);
    spawn(&Socket::watch_writes);
    co_await read_frames();
    end();
  }

  /// See Registry::Close.
  void close(bool at_once) {
    if (at_once) cut();
    draining_ = true;
    wake_.raise();
  }

  void wake(relay::ReaderId reader) override {
    session_.wake(reader);
    wake_.raise();
  }

 private:
  void spawn(Task<> (Socket::*work)()) {
    asio::co_spawn(
        stream_.get_executor(), [self = shared_from_this(), work] { return (self.get()->*work)(); },
        asio::detached);
  }

  Task<bool> accept(const Request& request) {
    beast::get_lowest_layer(stream_).expires_never();  // from here on the WebSocket's own count
    stream_.set_option(websocket::stream_base::timeout{services_.server.request_read,
                                                       services_.server.idle, true});
    stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(http::field::sec_websocket_protocol, wire::subprotocol);
    }));
    stream_.read_message_max(0);  // read_frames() has the limit: Beast resets where it is passed
    stream_.auto_fragment(false);
    auto [error] = co_await stream_.async_accept(request, no_throw);
    co_return !error;
  }

  /// Goes on reading while the connection is being closed, and throws away what comes: the client's
  /// own close frame is behind it.
  Task<> read_frames() {
    beast::flat_buffer buffer;
    while (!ended_) {
      auto [error, bytes] = co_await stream_.async_read_some(buffer, read_bytes, no_throw);
      if (error) co_return;
      check_message(buffer.size());
      if (!close_code_ && !stream_.is_message_done()) continue;
      if (!close_code_) receive(buffer.cdata());
      buffer.consume(buffer.size());
      wake_.raise();
    }
  }

  void check_message(std::size_t size) {
    if (!stream_.got_text()) {
      close_code_ = websocket::close_code::unknown_data;
    } else if (size > services_.request.body_bytes * oversize_factor) {
      close_code_ = websocket::close_code::too_big;
    }
  }

  void receive(asio::const_buffer message) {
    if (writing_since_ && ++unanswered_ > unanswered_frames_most) return cut();
    session_.receive({static_cast<const char*>(message.data()), message.size()}, now());
    services_.driver.settle();
  }

  Task<> write_frames() {
    while (!ended_ && !close_code_) {
      const std::optional<std::string> frame = next_frame();
      if (frame) {
        const bool written = co_await write(*frame);
        if (!written) break;
      } else if (draining_ && session_.readers().empty()) {
        close_code_ = websocket::close_code::going_away;
      } else {
        co_await wake_.sleep(session_.deadline());
      }
    }
    if (close_code_ && !ended_) {
      writing_since_ = now();
      websocket::close_reason reason(*close_code_);
      co_await stream_.async_close(reason, no_throw);
    }
    cut();
  }

  std::optional<std::string> next_frame() {
    if (draining_ && !told_draining_) {
      told_draining_ = true;
      return draining_frame();
    }
    std::optional<std::string> frame = session_.next_frame(now());
    services_.driver.settle();
    return frame;
  }

  Task<bool> write(const std::string& frame) {
    writing_since_ = now();
    auto [error, bytes] = co_await stream_.async_write(asio::buffer(frame), no_throw);
    writing_since_.reset();
    unanswered_ = 0;
    co_return !error;
  }

  /// One timer for the whole connection, in place of one for each write.
  Task<> watch_writes() {
    while (!ended_) {
      watch_timer_.expires_after(services_.server.write / 4);
      co_await watch_timer_.async_wait(no_throw);
      if (writing_since_ && now() - *writing_since_ > services_.server.write) cut();
    }
  }

  void add_reader(relay::ReaderId reader) {
    const std::vector<relay::ReaderId> open = session_.readers();
    std::erase_if(followed_, [&](relay::ReaderId each) {
      const bool closed = std::find(open.begin(), open.end(), each) == open.end();
      if (closed) services_.driver.forget(each);
      return closed;
    });
    followed_.push_back(reader);
    services_.driver.follow(reader, *this);
  }

  void cut() { beast::get_lowest_layer(stream_).close(); }

  void end() {
    ended_ = true;
    for (const relay::ReaderId reader : followed_) services_.driver.forget(reader);
    session_.close(now());
    services_.driver.settle();
    wake_.raise();
    watch_timer_.cancel();
  }

  Services& services_;
  Stream stream_;
  Wake wake_;
  asio::steady_timer watch_timer_;
  relay::SocketSession session_;
  std::vector<relay::ReaderId> followed_;
  std::optional<Instant> writing_since_;
  std::size_t unanswered_ = 0;
  std::optional<websocket::close_code> close_code_;
  bool draining_ = false;
  bool told_draining_ = false;
  bool ended_ = false;
};

Reply refuse_upgrade(const Request& request) {
  const bool upgrade = websocket::is_upgrade(request);
  Reply reply = error_reply({ErrorCode::invalid_request,
                             upgrade ? "The subprotocol weir.v1 was not offered."
                                     : "This path is for WebSocket connections.",
                             "Connect with the subprotocol weir.v1, or use POST /v1/answers."},
                            upgrade ? 400 : 426);
  reply.headers.emplace_back("Upgrade", "websocket");
  return reply;
}

}  // namespace

Task<bool> serve_socket(Services& services, Exchange& exchange,
                        std::function<void(Registry::Close)> on_open) {
  const std::string_view offered = field(exchange.request, http::field::sec_websocket_protocol);
  if (!websocket::is_upgrade(exchange.request) || !offers_subprotocol(offered)) {
    co_await write_reply(exchange, refuse_upgrade(exchange.request));
    co_return false;
  }
  const auto socket = std::make_shared<Socket>(services, std::move(exchange.stream));
  on_open([weak = std::weak_ptr(socket)](bool at_once) {
    if (const auto open = weak.lock()) open->close(at_once);
  });
  if (services.draining) socket->close(false);
  co_await socket->serve(exchange.request);
  co_return true;
}

}  // namespace weir::edge
