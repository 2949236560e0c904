#pragma once

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "address.hpp"
#include "ip_range.hpp"
#include "net.hpp"
#include "proxies.hpp"
#include "tls_sessions.hpp"
#include "weir/base/time.hpp"

namespace weir::edge {

/// Trusts what the system trusts (SSL_CERT_FILE and SSL_CERT_DIR count) and nothing unverified.
asio::ssl::context make_client_tls();

/// One connection to a provider's server, plain or TLS, for one exchange after another. Lives on
/// the event loop's thread.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  /// Whoever reads from it now. Calls come from the event loop, never from within a call here.
  class User {
   public:
    virtual ~User() = default;
    /// Good during the call only.
    virtual void on_bytes(std::string_view bytes) = 0;
    /// `clean`: the other side has closed in order; otherwise the connection broke.
    virtual void on_end(bool clean) = 0;
  };

  /// Why there is no connection.
  struct Failure {
    std::string message;
    bool timed_out = false;
  };

  /// What connections have in common; it must outlive them.
  struct Tls {
    asio::ssl::context context = make_client_tls();
    TlsSessions sessions;

    explicit Tls(std::size_t sessions_per_origin)
        : sessions(context.native_handle(), sessions_per_origin) {}
  };

  /// `proxy`: what stands between, or null; it must outlive the channel.
  Channel(const asio::any_io_executor& executor, Tls& tls, Origin origin, const Proxy* proxy);
  ~Channel();

  /// Which addresses may be connected to; all where there is no rule. The name is looked up once,
  /// and only what passed is connected to. Behind a proxy the proxy looks names up, not this.
  using AddressRule = std::function<bool(const Origin&, const IpAddress&)>;
  void restrict(AddressRule rule) { rule_ = std::move(rule); }

  const Origin& origin() const { return origin_; }
  /// Its handshake has gone on with a session of an earlier connection.
  bool resumed() const { return tls_ && SSL_session_reused(tls_->native_handle()) == 1; }
  /// Called once, when it closes.
  void on_close(std::function<void()> tell) { on_close_ = std::move(tell); }

  /// `connect_limit` for DNS, TCP and the way through a proxy, `tls_limit` for TLS behind them.
  Task<std::optional<Failure>> connect(Duration connect_limit, Duration tls_limit);

  /// Sends what can be sent at once, as far as that is possible, and says how much that was.
  std::size_t send_now(std::string_view bytes);
  /// Bytes that were sent; fewer than there are: it broke.
  Task<std::size_t> send(std::string_view bytes);

  /// Gives what comes to this user from now on. Without one (null), anything that comes is out of
  /// place, and the channel closes itself.
  void set_user(std::shared_ptr<User> user);
  /// Reads no further until told otherwise.
  void pause(bool paused);

  /// Open, and nothing has come in or ended: fit for another request.
  bool quiet();
  bool closed() const { return closed_; }
  void close();

 private:
  using TlsStream = asio::ssl::stream<tcp::socket&>;
  static constexpr std::size_t tls_piece_bytes = 16 << 10;  // the largest TLS record

  Task<std::optional<Failure>> connect_tcp();
  bool may_connect(const asio::ip::address& address) const;
  Task<std::optional<Failure>> open_tunnel();
  void register_anew();
  Task<std::optional<Failure>> handshake();
  void start_timer(Duration limit);
  void read();
  void read_plain();
  void read_tls();
  void take(std::string_view bytes);
  void end(bool clean);

  Origin origin_;
  const Proxy* proxy_;
  AddressRule rule_;
  Tls& tls_shared_;
  std::function<void()> on_close_;
  tcp::socket socket_;
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<std::array<char, tls_piece_bytes>> tls_piece_;
  std::unique_ptr<asio::steady_timer> timer_;  ///< while it is being opened
  std::shared_ptr<User> user_;
  bool timed_out_ = false;
  bool reading_ = false;  ///< a read is under way
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace weir::edge
