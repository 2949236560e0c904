#pragma once

#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <utility>

#include "net.hpp"
#include "output.hpp"

namespace weir::edge {

/// A socket whose writes all go through one Output: what Beast's WebSocket writes by itself (pongs,
/// the closing frame) and the frames that are put there directly stay whole and in order.
class OutputStream {
 public:
  using executor_type = tcp::socket::executor_type;

  explicit OutputStream(tcp::socket socket) : socket_(std::move(socket)), output_(socket_) {}

  executor_type get_executor() { return socket_.get_executor(); }
  tcp::socket& socket() { return socket_; }
  Output& output() { return output_; }
  /// Kept alive while output waits for the socket.
  void set_owner(const std::shared_ptr<void>& owner) { owner_ = owner; }
  void flush() { output_.flush(owner_.lock()); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }

  /// Takes everything at once; what has not been sent is bounded by Beast's control frames.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& written) {
          std::size_t size = 0;
          for (const asio::const_buffer part : beast::buffers_range_ref(written)) {
            output_.bytes().append(static_cast<const char*>(part.data()), part.size());
            size += part.size();
          }
          flush();
          error_code error;
          if (output_.broken()) error = asio::error::broken_pipe;
          asio::post(get_executor(), beast::bind_front_handler(std::move(handler), error, size));
        },
        token, buffers);
  }

 private:
  tcp::socket socket_;
  Output output_;
  std::weak_ptr<void> owner_;
};

// Found by Beast.

inline void beast_close_socket(OutputStream& stream) {
  error_code ignored;
  stream.socket().close(ignored);
}

template <class Handler>
void async_teardown(beast::role_type role, OutputStream& stream, Handler&& handler) {
  beast::websocket::async_teardown(role, stream.socket(), std::forward<Handler>(handler));
}

inline void teardown(beast::role_type role, OutputStream& stream, error_code& error) {
  beast::websocket::teardown(role, stream.socket(), error);
}

}  // namespace weir::edge
