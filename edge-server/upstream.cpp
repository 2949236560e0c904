#include "upstream.hpp"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>

namespace weir::edge {
namespace {

using TlsStream = asio::ssl::stream<tcp::socket&>;
using Request = http::request<http::string_body>;
using ResponseParser = http::response_parser<http::buffer_body>;

constexpr std::size_t piece_bytes = 16 << 10;
constexpr std::uint32_t header_bytes = 64 << 10;
constexpr std::size_t buffer_bytes = 128 << 10;

std::string seconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

bool is_ip_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

/// Has OpenSSL check the certificate's name itself, so that its error says so.
void expect_name(TlsStream& stream, const std::string& host) {
  SSL* const native = stream.native_handle();
  if (is_ip_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), host.c_str());
  } else {
    SSL_set1_host(native, host.c_str());
    SSL_set_tlsext_host_name(native, host.c_str());
  }
}

std::string tls_failure(TlsStream& stream, const error_code& error) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict == X509_V_OK) return "TLS failed: " + error.message();
  return std::string("its certificate was refused: ") + X509_verify_cert_error_string(verdict);
}

std::vector<provider::Header> header_list(const http::fields& fields) {
  std::vector<provider::Header> headers;
  for (const auto& field : fields) {
    std::string name(field.name_string());
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    headers.push_back({std::move(name), std::string(field.value())});
  }
  return headers;
}

}  // namespace

struct Upstream::Address {
  bool tls = false;
  std::string host;  ///< to connect to: without brackets
  std::string port;
  std::string header;  ///< the Host header's value
  std::string target;

  static std::optional<Address> parse(const std::string& url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->host().empty()) return std::nullopt;
    const std::string scheme(parsed->scheme());
    if (scheme != "http" && scheme != "https") return std::nullopt;
    Address address;
    address.tls = scheme == "https";
    address.host = parsed->host_address();
    address.port = std::string(parsed->port());
    if (address.port.empty()) address.port = address.tls ? "443" : "80";
    address.header = std::string(parsed->encoded_host_and_port());
    address.target = std::string(parsed->encoded_target());
    if (!address.target.starts_with('/')) address.target.insert(0, "/");
    return address;
  }
};

asio::ssl::context make_client_tls() {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_default_verify_paths();
  context.set_verify_mode(asio::ssl::verify_peer);
  return context;
}

Upstream::Upstream(const asio::any_io_executor& executor, asio::ssl::context& tls, relay::RunId run,
                   provider::HttpRequest request, Duration connect, Report report)
    : resolver_(executor),
      socket_(executor),
      connect_timer_(executor),
      tls_(tls),
      run_(run),
      request_(std::move(request)),
      connect_limit_(connect),
      report_(std::move(report)) {}

void Upstream::start() {
  asio::co_spawn(
      socket_.get_executor(), [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void Upstream::close() {
  closed_ = true;
  error_code ignored;
  connect_timer_.cancel();
  resolver_.cancel();
  socket_.close(ignored);
}

void Upstream::report(relay::Input input) {
  if (!closed_) report_(std::move(input));
}

void Upstream::fail(const std::string& message) {
  report(relay::ProviderFailed{run_, message});
  close();
}

void Upstream::end(bool clean) {
  report(relay::ProviderEnded{run_, clean});
  close();
}

void Upstream::start_connect_timer() {
  connect_timer_.expires_after(connect_limit_);
  connect_timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->fail("no connection within " + seconds(self->connect_limit_));
  });
}

Task<> Upstream::run() {
  const std::optional<Address> address = Address::parse(request_.url);
  if (!address) {
    fail("its address is no http or https URL");
    co_return;
  }
  start_connect_timer();
  const bool connected = co_await connect(*address);
  if (!connected) co_return;
  if (address->tls) {
    co_await exchange_with_tls(*address);
  } else {
    connect_timer_.cancel();
    co_await exchange(socket_, *address);
  }
}

Task<bool> Upstream::connect(const Address& address) {
  auto [unknown, endpoints] =
      co_await resolver_.async_resolve(address.host, address.port, no_throw);
  if (closed_) co_return false;
  if (unknown) {
    fail("its name was not found: " + unknown.message());
    co_return false;
  }
  auto [refused, endpoint] = co_await asio::async_connect(socket_, endpoints, no_throw);
  if (closed_) co_return false;
  if (refused) {
    fail("no connection: " + refused.message());
    co_return false;
  }
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  co_return true;
}

Task<> Upstream::exchange_with_tls(const Address& address) {
  TlsStream stream(socket_, tls_);
  expect_name(stream, address.host);
  auto [error] = co_await stream.async_handshake(TlsStream::client, no_throw);
  if (closed_) co_return;
  if (error) {
    fail(tls_failure(stream, error));
    co_return;
  }
  connect_timer_.cancel();
  co_await exchange(stream, address);
}

template <class Stream>
Task<> Upstream::exchange(Stream& stream, const Address& address) {
  Request request(http::string_to_verb(request_.method), address.target, 11,
                  std::move(request_.body));
  for (const provider::Header& header : request_.headers) request.set(header.name, header.value);
  request.set(http::field::host, address.header);
  request.set(http::field::user_agent, "weir-edge");
  request.set(http::field::connection, "close");
  request.prepare_payload();
  // A provider may refuse a request before it has read all of it: its response counts even then.
  co_await http::async_write(stream, request, no_throw);
  if (closed_) co_return;

  beast::flat_buffer buffer(buffer_bytes);
  std::optional<ResponseParser> parser;
  do {  // interim responses (1xx) are passed over
    parser.emplace();
    parser->body_limit(boost::none);
    parser->header_limit(header_bytes);
    auto [error, bytes] = co_await http::async_read_header(stream, buffer, *parser, no_throw);
    if (closed_) co_return;
    if (error) {
      end(false);  // not a failure to connect: the request may have been taken and paid for
      co_return;
    }
  } while (parser->get().result_int() / 100 == 1);

  report(relay::ProviderHead{run_, static_cast<int>(parser->get().result_int()),
                             header_list(parser->get())});
  co_await read_body(stream, buffer, *parser);
}

/// Not in the parser's eager mode: there a read that ends within the next chunk's header would wait
/// for the rest of it while the chunk before lies unreported.
template <class Stream, class Parser>
Task<> Upstream::read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser) {
  std::array<char, piece_bytes> piece;
  while (!closed_ && !parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    auto [error, bytes] = co_await http::async_read_some(stream, buffer, parser, no_throw);
    const std::size_t filled = piece.size() - body.size;
    if (filled > 0) report(relay::ProviderBytes{run_, std::string(piece.data(), filled)});
    if (error && error != http::error::need_buffer) {
      end(false);
      co_return;
    }
  }
  end(true);
}

}  // namespace weir::edge
