#include "socket_face.hpp"

#include <algorithm>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>

#include "lazy_timer.hpp"
#include "output_stream.hpp"
#include "weir/relay/socket_session.hpp"
#include "weir/wire/frames.hpp"

namespace weir::edge {
namespace {

namespace websocket = beast::websocket;
/// Deltas are too small for deflate to pay.
using Stream = websocket::stream<OutputStream, false>;

constexpr std::size_t read_bytes = 64 << 10;
/// While nothing has come, room for so much is kept: most sockets have nothing to say most of the
/// time.
constexpr std::size_t idle_read_bytes = 64;
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

/// The head of an unmasked text frame in one piece (RFC 6455, 5.2).
void append_frame_head(std::string& out, std::size_t size) {
  constexpr char whole_text = static_cast<char>(0x81);
  constexpr std::size_t short_most = 125;
  constexpr std::size_t two_bytes_most = 0xFFFF;
  out += whole_text;
  const auto append_size = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out += static_cast<char>(size >> shift & 0xFF);
    }
  };
  if (size <= short_most) {
    append_size(1);
  } else if (size <= two_bytes_most) {
    out += char{126};
    append_size(2);
  } else {
    out += char{127};
    append_size(8);
  }
}

/// One WebSocket. A coroutine reads what the client sends; frames are pulled from the session
/// whenever there is something and the socket has taken everything before, so a slow client costs
/// one helping of bytes and its socket.
class Socket : public Follower {
 public:
  Socket(Services& services, tcp::socket socket)
      : services_(services),
        stream_(std::move(socket)),
        timer_(stream_.get_executor()),
        session_(services.driver.relay(), services.fresh_id, services.server, services.request,
                 now(), services.client_of(stream_.next_layer().socket())) {
    session_.on_reader = [this](relay::ReaderId reader) { add_reader(reader); };
    output().on_drained = [this] { write(); };
    output().on_broken = [this] { cut(); };
  }

  Task<bool> accept(const Request& request) {
    stream_.next_layer().set_owner(shared_from_this());
    stream_.set_option(websocket::stream_base::timeout{services_.server.request_read,
                                                       services_.server.idle, true});
    stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(http::field::sec_websocket_protocol, wire::subprotocol);
    }));
    stream_.read_message_max(0);  // serve() has the limit: Beast resets where it is passed
    stream_.auto_fragment(false);
    auto [error] = co_await stream_.async_accept(request, no_throw);
    open_ = !error;
    co_return open_;
  }

  /// Reads until the connection ends. Goes on while it is being closed, and throws away what comes:
  /// the client's own close frame is behind it.
  Task<> serve() {
    const auto self = shared_from_this();
    write();
    while (!ended_) {
      const std::size_t most = buffer_.size() == 0 ? idle_read_bytes : read_bytes;
      auto [error, bytes] = co_await stream_.async_read_some(buffer_, most, no_throw);
      if (error) break;
      check_message(buffer_.size());
      if (closing_ || stream_.is_message_done()) {
        if (!closing_) receive();
        buffer_ = {};
      }
    }
    end();
  }

  /// See Registry::Close.
  void close(bool at_once) {
    if (at_once) return cut();
    draining_ = true;
    if (open_) write();
  }

  void wake(relay::ReaderId reader) override { session_.wake(reader); }

  void write() override {
    if (!open_ || ended_ || closing_) return;
    if (draining_ && !told_draining_) tell_draining();
    output().pull(shared_from_this(), [this] { return append_frame(); });
    if (!holding_) stream_.next_layer().flush();
    services_.driver.settle();
    if (draining_ && !output().busy() && session_.idle()) {
      start_closing(websocket::close_code::going_away);
    }
    keep_time();
  }

 private:
  Output& output() { return stream_.next_layer().output(); }

  bool append_frame() {
    static std::string frame;
    frame.clear();
    if (!session_.append_frame(frame, now())) return false;
    put(frame);
    return true;
  }

  void put(std::string_view frame) {
    append_frame_head(output().bytes(), frame.size());
    output().bytes() += frame;
  }

  void tell_draining() {
    told_draining_ = true;
    put(draining_frame());
  }

  void check_message(std::size_t size) {
    if (!stream_.got_text()) {
      start_closing(websocket::close_code::unknown_data);
    } else if (size > services_.request.body_bytes * oversize_factor) {
      start_closing(websocket::close_code::too_big);
    }
  }

  void receive() {
    if (output().busy() && ++unanswered_ > unanswered_frames_most) return cut();
    if (!output().busy()) unanswered_ = 0;
    const asio::const_buffer message = buffer_.cdata();
    holding_ = true;
    const bool begun =
        session_.receive({static_cast<const char*>(message.data()), message.size()}, now());
    services_.driver.settle();
    holding_ = false;
    if (!begun) return write();
    timer_.arm(now() + services_.server.first_event, shared_from_this(), [this] { time_is_up(); });
  }

  void start_closing(websocket::close_code code) {
    if (std::exchange(closing_, true)) return;
    closing_since_ = now();
    stream_.async_close(websocket::close_reason(code),
                        [self = shared_from_this(), this](error_code) { cut(); });
    keep_time();
  }

  /// The session's keep-alive, and the limits on a client that takes nothing or does not close.
  void keep_time() {
    Instant due = *session_.deadline();
    if (output().stuck_since()) due = *output().stuck_since() + services_.server.write;
    if (closing_) due = closing_since_ + services_.server.write;
    timer_.arm(due, shared_from_this(), [this] { time_is_up(); });
  }

  void time_is_up() {
    if (ended_) return;
    const Instant since = closing_ ? closing_since_ : output().stuck_since().value_or(now());
    if (now() - since >= services_.server.write) return cut();
    if (closing_) return keep_time();
    write();
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

  void cut() { beast_close_socket(stream_.next_layer()); }

  void end() {
    ended_ = true;
    for (const relay::ReaderId reader : followed_) services_.driver.forget(reader);
    session_.close(now());
    services_.driver.settle();
    timer_.cancel();
  }

  Services& services_;
  Stream stream_;
  LazyTimer timer_;
  relay::SocketSession session_;
  beast::flat_buffer buffer_;
  std::vector<relay::ReaderId> followed_;
  std::size_t unanswered_ = 0;
  Instant closing_since_;
  bool holding_ = false;  ///< what is put together is sent a little later
  bool open_ = false;
  bool closing_ = false;
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

bool is_welcome(const Request& request) {
  const std::string_view offered = field(request, http::field::sec_websocket_protocol);
  return websocket::is_upgrade(request) && offers_subprotocol(offered);
}

/// Apart from serve_socket(), so that nothing of the request outlives the handshake.
Task<std::shared_ptr<Socket>> open_socket(Services& services, Exchange exchange,
                                          std::function<void(Registry::Close)> on_open) {
  const auto socket = std::make_shared<Socket>(services, exchange.stream.release_socket());
  on_open([weak = std::weak_ptr(socket)](bool at_once) {
    if (const auto open = weak.lock()) open->close(at_once);
  });
  if (services.draining) socket->close(false);
  const bool accepted = co_await socket->accept(exchange.request);
  co_return accepted ? socket : nullptr;
}

}  // namespace

std::optional<Reply> refuse_socket(const Request& request) {
  if (is_welcome(request)) return std::nullopt;
  return refuse_upgrade(request);
}

Task<> serve_socket(Services& services, Exchange exchange,
                    std::function<void(Registry::Close)> on_open) {
  const std::shared_ptr<Socket> socket =
      co_await open_socket(services, std::move(exchange), std::move(on_open));
  if (socket) co_await socket->serve();
}

}  // namespace weir::edge
