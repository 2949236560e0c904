#pragma once

#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net.hpp"
#include "weir/base/time.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// Trusts what the system trusts (SSL_CERT_FILE and SSL_CERT_DIR count) and nothing unverified.
asio::ssl::context make_client_tls();

/// One request to a provider and its response, over a connection of its own. Reports ProviderHead,
/// ProviderBytes as they come, then ProviderEnded; or ProviderFailed where no request got out.
/// Reports are calls on the event loop, never from within start() or close().
class Upstream : public std::enable_shared_from_this<Upstream> {
 public:
  using Report = std::function<void(relay::Input)>;

  /// `connect`: the time that DNS, TCP and TLS may take together.
  Upstream(const asio::any_io_executor& executor, asio::ssl::context& tls, relay::RunId run,
           provider::HttpRequest request, Duration connect, Report report);

  void start();
  /// Closes the connection now; nothing more is reported.
  void close();

 private:
  struct Address;

  Task<> run();
  Task<bool> connect(const Address& address);
  Task<> exchange_with_tls(const Address& address);
  template <class Stream>
  Task<> exchange(Stream& stream, const Address& address);
  template <class Stream, class Parser>
  Task<> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser);

  void start_connect_timer();
  void report(relay::Input input);
  void fail(const std::string& message);
  void end(bool clean);

  tcp::resolver resolver_;
  tcp::socket socket_;
  asio::steady_timer connect_timer_;
  asio::ssl::context& tls_;
  relay::RunId run_;
  provider::HttpRequest request_;
  Duration connect_limit_;
  Report report_;
  bool closed_ = false;
};

}  // namespace weir::edge
