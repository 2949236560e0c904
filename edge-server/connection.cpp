#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "answer_face.hpp"
#include "clock.hpp"
#include "log.hpp"
#include "operations.hpp"
#include "socket_face.hpp"

namespace weir::edge {
namespace {

constexpr std::size_t read_bytes = 16 << 10;
/// How long a client whose request was refused half-read may go on sending, so that the response is
/// not lost to a reset.
constexpr Duration hang_up_limit = 2s;

std::optional<std::string_view> sole_field(const Request& request, http::field name) {
  if (request.count(name) != 1) return std::nullopt;
  return field(request, name);
}

/// A second Origin header is nobody's origin.
std::optional<std::string_view> origin_of(const Request& request) {
  if (request.count(http::field::origin) == 0) return std::nullopt;
  return sole_field(request, http::field::origin).value_or("null");
}

/// The response to a request that could not be read; nothing where there is nobody to tell.
std::optional<Reply> unreadable(const error_code& error, const limits::Server& server,
                                const limits::Request& request) {
  if (error == http::error::body_limit) {
    return error_reply(
        {ErrorCode::request_too_large,
         "The request's body is larger than " + std::to_string(request.body_bytes) + " bytes.",
         "Send fewer or shorter messages and passages."});
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return error_reply(
        {ErrorCode::request_too_large,
         "The request's header is larger than " + std::to_string(server.header_bytes) + " bytes.",
         ""},
        431);
  }
  const bool of_http = error.category() == make_error_code(http::error::bad_target).category();
  if (!of_http || error == http::error::end_of_stream || error == http::error::partial_message) {
    return std::nullopt;
  }
  return error_reply({ErrorCode::invalid_request, "The request is not valid HTTP/1.1.", ""}, 400);
}

Reply preflight_reply(const Request& request) {
  Reply reply;
  reply.status = 204;
  reply.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE"},
                   {"Access-Control-Allow-Headers", "content-type, weir-key, last-event-id, range"},
                   {"Access-Control-Max-Age", "600"}};
  // A page of the public web that uses an edge on the reader's own machine.
  if (!field(request, "Access-Control-Request-Private-Network").empty()) {
    reply.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return reply;
}

Reply not_allowed(const Route& route) {
  Reply reply =
      error_reply({ErrorCode::invalid_request, "This path does not take this method.", ""}, 405);
  reply.headers.emplace_back("Allow", std::string(route.allowed));
  return reply;
}

FileRequest file_request(const Request& request) {
  return {field(request, http::field::range), field(request, http::field::if_range),
          field(request, http::field::if_none_match), field(request, http::field::accept_encoding)};
}

}  // namespace

Connection::Connection(Services& services, tcp::socket socket)
    : services_(services),
      stream_(std::move(socket)),
      timer_(stream_.get_executor()),
      buffer_(services.server.header_bytes + read_bytes),
      place_(services.registry, [this](bool at_once) { close(at_once); }) {}

void Connection::start() {
  asio::co_spawn(
      stream_.get_executor(), [self = shared_from_this()] { return self->serve(); },
      [](std::exception_ptr failure) {
        if (failure) log("a connection ended in an exception");
      });
}

void Connection::close(bool at_once) {
  if (close_socket_) {
    close_socket_(at_once);
  } else if (at_once || idle_) {
    stream_.close();
  }
}

/// What one request needs is gone before the next one, or a WebSocket, begins: this coroutine may
/// live for long.
Task<> Connection::serve() {
  std::unique_ptr<Exchange> exchange;
  bool open = true;
  while (open) {
    exchange = co_await next_exchange();
    if (!exchange) break;
    open = co_await answer(*exchange);
  }
  if (upgrade_) {
    timer_.cancel();
    buffer_ = {};
    co_await serve_socket(services_, std::move(*exchange),
                          [this](Registry::Close close) { close_socket_ = std::move(close); });
  } else {
    co_await hang_up();
    timer_.cancel();
  }
}

/// Null where there is no further request, or it was refused.
Task<std::unique_ptr<Exchange>> Connection::next_exchange() {
  const bool begun = co_await wait_for_request();
  if (!begun) co_return nullptr;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(services_.server.header_bytes));
  parser.body_limit(services_.request.body_bytes);
  limit(services_.server.request_read);
  const bool read = co_await read_request(parser);
  deadline_.reset();
  if (!read) co_return nullptr;
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  const bool keep_alive = parser.keep_alive() && !services_.draining;
  co_return std::make_unique<Exchange>(stream_, parser.release(), keep_alive,
                                       services_.server.write);
}

Task<bool> Connection::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  if (services_.draining && !first_) co_return false;
  idle_ = true;
  limit(first_ ? services_.server.request_read : services_.server.idle);
  first_ = false;
  auto [error, bytes] = co_await stream_.async_read_some(buffer_.prepare(read_bytes), no_throw);
  idle_ = false;
  deadline_.reset();
  buffer_.commit(bytes);
  co_return !error;
}

/// The gate stands between header and body: nothing of a refused request is read further.
Task<bool> Connection::read_request(Parser& parser) {
  auto [error, bytes] = co_await http::async_read_header(stream_, buffer_, parser, no_throw);
  if (error) {
    std::optional<Reply> reply = unreadable(error, services_.server, services_.request);
    if (reply) co_await refuse(parser, *std::move(reply));
    co_return false;
  }
  const Request& request = parser.get();
  const Result<void> admitted =
      services_.gate.admit(sole_field(request, http::field::host), origin_of(request));
  if (!admitted) {
    log("a request was refused: its Host or Origin is not an allowed one");
    co_return co_await refuse(parser, error_reply(admitted.error()));
  }
  // Bodies that another party on the way may see the end of elsewhere.
  if (request.count(http::field::transfer_encoding) > 0 && !parser.chunked()) {
    Reply reply = error_reply(
        {ErrorCode::invalid_request, "The request's transfer coding is not chunked.", ""}, 400);
    co_return co_await refuse(parser, std::move(reply));
  }
  co_return co_await read_rest(parser);
}

Task<bool> Connection::read_rest(Parser& parser) {
  if (parser.is_done()) co_return true;
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(stream_, asio::buffer(go_on), no_throw);
  }
  auto [error, bytes] = co_await http::async_read(stream_, buffer_, parser, no_throw);
  if (!error) co_return true;
  std::optional<Reply> reply = unreadable(error, services_.server, services_.request);
  if (reply) co_await refuse(parser, *std::move(reply));
  co_return false;
}

/// Always false: what is left of the request is not read, so the connection cannot go on.
Task<bool> Connection::refuse(Parser& parser, Reply reply) {
  Exchange exchange{stream_, {}, false, services_.server.write};
  exchange.request.version(11);
  if (parser.get().method() == http::verb::head) exchange.request.method(http::verb::head);
  const auto host = sole_field(parser.get(), http::field::host);
  const auto origin = origin_of(parser.get());
  if (origin && services_.gate.admit(host, origin)) {
    exchange.request.set(http::field::origin, *origin);  // its page may read why
  }
  co_await write_reply(exchange, std::move(reply));
  co_return false;
}

/// True when the connection can take another request.
Task<bool> Connection::answer(Exchange& exchange) {
  const std::string_view target(exchange.request.target().data(), exchange.request.target().size());
  const Result<Route> route = find_route(target);
  const std::string_view method(exchange.request.method_string().data(),
                                exchange.request.method_string().size());
  bool written = false;
  if (!route) {
    written = co_await write_reply(exchange, error_reply(route.error()));
  } else if (exchange.request.method() == http::verb::options) {
    written = co_await write_reply(exchange, preflight_reply(exchange.request));
  } else if (route->place != Place::nothing && !route->allows(method)) {
    written = co_await write_reply(exchange, not_allowed(*route));
  } else {
    written = co_await dispatch(exchange, *route);
  }
  co_return written&& exchange.keep_alive && !upgrade_;
}

Task<bool> Connection::dispatch(Exchange& exchange, const Route& route) {
  relay::Relay& relay = services_.driver.relay();
  const FileRequest file = file_request(exchange.request);
  Reply reply;
  switch (route.place) {
    case Place::socket:
      if (std::optional<Reply> refusal = refuse_socket(exchange.request)) {
        reply = *std::move(refusal);
        break;
      }
      upgrade_ = true;
      co_return false;
    case Place::answers:
    case Place::answer:
      co_return co_await serve_answer(services_, exchange, route);
    case Place::providers:
      reply = providers_reply(relay.catalog());
      break;
    case Place::packs:
      reply = services_.packs.list();
      break;
    case Place::pack:
      reply = services_.packs.file(route.name, file);
      break;
    case Place::live:
      reply = text_reply("live\n");
      break;
    case Place::ready:
      reply = ready_reply(services_.draining);
      break;
    case Place::metrics:
      reply = metrics_reply(relay.figures(), services_.driver.pool_figures(),
                            services_.registry.size());
      break;
    case Place::site:
      reply = services_.site.file(route.name, file);
      break;
    case Place::nothing:
      reply = error_reply({ErrorCode::not_found, "There is nothing at this path.", ""});
      break;
  }
  co_return co_await write_reply(exchange, std::move(reply));
}

Task<> Connection::hang_up() {
  error_code error;
  stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  limit(hang_up_limit);
  buffer_.clear();
  while (!error) {
    auto [failed, bytes] = co_await stream_.async_read_some(buffer_.prepare(read_bytes), no_throw);
    error = failed;
  }
  stream_.close();
}

void Connection::limit(Duration wait) {
  deadline_ = now() + wait;
  timer_.arm(*deadline_, shared_from_this(), [this] { check_time(); });
}

void Connection::check_time() {
  if (!deadline_) return;
  if (now() >= *deadline_) return stream_.close();
  timer_.arm(*deadline_, shared_from_this(), [this] { check_time(); });
}

}  // namespace weir::edge
