#include "channel.hpp"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>
#include <vector>

#include "socket_read.hpp"

namespace weir::edge {
namespace {

std::string seconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

std::optional<asio::ip::address> as_address(const std::string& host) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error) return std::nullopt;
  return address;
}

Channel::Failure refused_address() {
  return {"its name leads to no public address", false};
}

std::string tls_failure(SSL* native, const error_code& error) {
  const long verdict = SSL_get_verify_result(native);
  if (verdict == X509_V_OK) return "TLS failed: " + error.message();
  return std::string("its certificate was refused: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace

asio::ssl::context make_client_tls() {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_default_verify_paths();
  context.set_verify_mode(asio::ssl::verify_peer);
  return context;
}

Channel::Channel(const asio::any_io_executor& executor, Tls& tls, Origin origin, const Proxy* proxy)
    : origin_(std::move(origin)), proxy_(proxy), tls_shared_(tls), socket_(executor) {}

Channel::~Channel() {
  close();
}

// -- opening

Task<std::optional<Channel::Failure>> Channel::connect(Duration connect_limit, Duration tls_limit) {
  start_timer(connect_limit);
  std::optional<Failure> failure = co_await connect_tcp();
  if (!failure && proxy_ && origin_.tls) failure = co_await open_tunnel();
  if (timed_out_) failure = Failure{"no connection within " + seconds(connect_limit), true};
  if (!failure && origin_.tls) {
    start_timer(tls_limit);
    failure = co_await handshake();
    if (timed_out_) failure = Failure{"TLS was not set up within " + seconds(tls_limit), true};
  }
  timer_.reset();
  if (failure) close();
  co_return failure;
}

Task<std::optional<Channel::Failure>> Channel::connect_tcp() {
  const std::string& host = proxy_ ? proxy_->host : origin_.host;
  const std::string& port_text = proxy_ ? proxy_->port : origin_.port;
  const std::string whose = proxy_ ? "the proxy: " : "";
  error_code refused;
  if (const auto address = as_address(host)) {
    if (!may_connect(*address)) co_return refused_address();
    const auto port = static_cast<std::uint16_t>(std::stoul(port_text));
    auto [error] = co_await socket_.async_connect(tcp::endpoint(*address, port), no_throw);
    refused = error;
  } else {
    tcp::resolver resolver(socket_.get_executor());
    auto [unknown, endpoints] = co_await resolver.async_resolve(host, port_text, no_throw);
    if (unknown) co_return Failure{whose + "its name was not found: " + unknown.message(), false};
    if (closed_) co_return Failure{"closed", false};
    std::vector<tcp::endpoint> allowed;
    for (const auto& entry : endpoints) {
      if (may_connect(entry.endpoint().address())) allowed.push_back(entry.endpoint());
    }
    if (allowed.empty()) co_return refused_address();
    auto [error, endpoint] = co_await asio::async_connect(socket_, allowed, no_throw);
    refused = error;
  }
  if (refused || closed_) co_return Failure{whose + "no connection: " + refused.message(), false};
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  register_anew();
  co_return std::nullopt;
}

bool Channel::may_connect(const asio::ip::address& address) const {
  if (!rule_ || proxy_) return true;
  const std::optional<IpAddress> known = IpAddress::parse(address.to_string());
  return known && rule_(origin_, *known);
}

/// Asks the proxy for a way through to the origin (RFC 9110, 9.3.6): TLS is then spoken with the
/// origin itself. What the proxy says of a refusal is its status alone: the rest may hold anything.
Task<std::optional<Channel::Failure>> Channel::open_tunnel() {
  constexpr std::size_t head_bytes_most = 8 << 10;
  const bool is_address6 = origin_.host.find(':') != std::string::npos;
  const std::string authority =
      (is_address6 ? "[" + origin_.host + "]" : origin_.host) + ":" + origin_.port;
  std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy_->authorization.empty()) {
    request += "Proxy-Authorization: " + proxy_->authorization + "\r\n";
  }
  request += "\r\n";
  auto [unsent, sent] = co_await asio::async_write(socket_, asio::buffer(request), no_throw);
  if (unsent || closed_) co_return Failure{"the proxy broke off: " + unsent.message(), false};

  // The origin is silent until it is spoken to: nothing of it is lost to this read.
  std::string head;
  auto [unread, size] = co_await asio::async_read_until(
      socket_, asio::dynamic_buffer(head, head_bytes_most), "\r\n\r\n", no_throw);
  if (unread || closed_) co_return Failure{"the proxy broke off: " + unread.message(), false};
  const std::string_view status_line = std::string_view(head).substr(0, head.find('\r'));
  const std::size_t blank = status_line.find(' ');
  const std::string_view status = blank == status_line.npos ? "" : status_line.substr(blank + 1, 3);
  if (!status_line.starts_with("HTTP/1.") || status.size() != 3) {
    co_return Failure{"the proxy does not speak HTTP", false};
  }
  if (status.starts_with('2')) co_return std::nullopt;
  co_return Failure{"the proxy refused the way through, with status " + std::string(status), false};
}

/// Having connected, Asio's epoll reports for ever that the socket can be written to, beside each
/// report that it can be read: a turn of the loop for nothing. A fresh registration knows of no
/// writing yet.
void Channel::register_anew() {
  error_code error;
  const auto protocol = socket_.local_endpoint(error).protocol();
  if (!error) socket_.assign(protocol, socket_.release(), error);
}

/// OpenSSL checks the certificate's name itself, so that its error says so.
Task<std::optional<Channel::Failure>> Channel::handshake() {
  tls_ = std::make_unique<TlsStream>(socket_, tls_shared_.context);
  tls_piece_ = std::make_unique<std::array<char, tls_piece_bytes>>();
  SSL* const native = tls_->native_handle();
  if (as_address(origin_.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), origin_.host.c_str());
  } else {
    SSL_set1_host(native, origin_.host.c_str());
    SSL_set_tlsext_host_name(native, origin_.host.c_str());
  }
  tls_shared_.sessions.prepare(native, origin_);
  auto [error] = co_await tls_->async_handshake(TlsStream::client, no_throw);
  if (error) co_return Failure{tls_failure(native, error), false};
  co_return std::nullopt;
}

/// A lookup of a name cannot be broken off: whoever waits for it hears of the limit afterwards.
void Channel::start_timer(Duration limit) {
  if (!timer_) timer_ = std::make_unique<asio::steady_timer>(socket_.get_executor());
  timer_->expires_after(limit);
  timer_->async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->timed_out_ = true;
    self->close();
  });
}

// -- writing

std::size_t Channel::send_now(std::string_view bytes) {
  if (tls_ || closed_) return 0;
  const ssize_t sent =
      ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

Task<std::size_t> Channel::send(std::string_view bytes) {
  const auto self = shared_from_this();
  if (tls_) {
    auto [error, sent] = co_await asio::async_write(*tls_, asio::buffer(bytes), no_throw);
    co_return error ? std::min(sent, bytes.size() - 1) : sent;
  }
  auto [error, sent] = co_await asio::async_write(socket_, asio::buffer(bytes), no_throw);
  co_return error ? std::min(sent, bytes.size() - 1) : sent;
}

// -- reading

void Channel::set_user(std::shared_ptr<User> user) {
  user_ = std::move(user);
  paused_ = false;
  read();
}

void Channel::pause(bool paused) {
  paused_ = paused;
  read();
}

void Channel::read() {
  if (reading_ || paused_ || closed_) return;
  reading_ = true;
  if (tls_) {
    read_tls();
  } else {
    read_plain();
  }
}

void Channel::read_plain() {
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    self->reading_ = false;
    if (self->closed_ || self->paused_) return;
    if (error) return self->end(false);
    const SocketRead got = read_now(self->socket_);
    switch (got.outcome) {
      case SocketRead::Outcome::bytes:
        return self->take(got.bytes);
      case SocketRead::Outcome::nothing:
        return self->read();
      case SocketRead::Outcome::ended:
        return self->end(true);
      case SocketRead::Outcome::broken:
        return self->end(false);
    }
  });
}

/// What was read while it was being paused is still given out.
void Channel::read_tls() {
  tls_->async_read_some(asio::buffer(*tls_piece_),
                        [self = shared_from_this()](error_code error, std::size_t size) {
                          self->reading_ = false;
                          if (self->closed_) return;
                          if (size > 0) return self->take({self->tls_piece_->data(), size});
                          self->end(error == asio::error::eof);
                        });
}

void Channel::take(std::string_view bytes) {
  if (const auto user = user_) {
    user->on_bytes(bytes);
    read();
  } else {
    close();
  }
}

void Channel::end(bool clean) {
  close();
  if (const auto user = std::exchange(user_, nullptr)) user->on_end(clean);
}

// -- the end

bool Channel::quiet() {
  if (closed_) return false;
  char byte = 0;
  const ssize_t size = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
  close();
  return false;
}

/// OpenSSL gives up the session of a connection that goes without a farewell. All that was to come
/// over this one has come, or is not wanted any more: the session is none the worse for it.
void Channel::close() {
  closed_ = true;
  if (tls_) SSL_set_shutdown(tls_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  if (const auto tell = std::exchange(on_close_, nullptr)) tell();
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace weir::edge
