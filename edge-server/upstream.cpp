#include "upstream.hpp"

#include <boost/asio/post.hpp>
#include <charconv>
#include <initializer_list>
#include <utility>

#include "clock.hpp"
#include "http_io.hpp"
#include "weir/text/ascii.hpp"

namespace weir::edge {
namespace {

/// A body that is handed on as it comes.
struct GatheringBody {
  using value_type = std::string*;

  class reader {
   public:
    template <bool request, class Fields>
    reader(http::header<request, Fields>&, value_type& into) : into_(into) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      std::size_t size = 0;
      for (const asio::const_buffer part : beast::buffers_range_ref(buffers)) {
        into_->append(static_cast<const char*>(part.data()), part.size());
        size += part.size();
      }
      error = {};
      return size;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& into_;
  };
};

/// What the bodies of responses held in the read that is being looked at, in one buffer for all: it
/// is reported at once.
std::string& gathered() {
  static std::string bytes;
  return bytes;
}

/// `proxy`: it gets the request itself, and has to know where to (RFC 9112, 3.2.2); null where the
/// connection, or a way through a proxy, ends at the provider.
std::string write_request(const provider::HttpRequest& request, const Address& address,
                          const Proxy* proxy) {
  constexpr std::size_t head_bytes = 512;  // about
  std::string text;
  text.reserve(head_bytes + request.body.size());
  const auto add = [&](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) text += part;
  };
  add({request.method, " "});
  if (proxy) add({"http://", address.header});
  add({address.target, " HTTP/1.1\r\n"});
  add({"Host: ", address.header, "\r\n"});
  if (proxy && !proxy->authorization.empty()) {
    add({"Proxy-Authorization: ", proxy->authorization, "\r\n"});
  }
  add({"User-Agent: weir-edge\r\nAccept-Encoding: identity\r\n"});
  for (const provider::Header& header : request.headers) {
    add({header.name, ": ", header.value, "\r\n"});
  }
  if (!request.body.empty() || request.method != "GET") {
    add({"Content-Length: ", std::to_string(request.body.size()), "\r\n"});
  }
  add({"\r\n", request.body});
  return text;
}

std::vector<provider::Header> header_list(const http::fields& fields) {
  std::vector<provider::Header> headers;
  for (const auto& field : fields) {
    const auto name = field.name_string();
    headers.push_back({text::to_lower({name.data(), name.size()}), std::string(field.value())});
  }
  return headers;
}

/// The seconds of `Keep-Alive: timeout=N`, as servers say how long they wait for a next request.
std::optional<Duration> promised_idle(const http::fields& fields) {
  const auto value = fields[http::field::keep_alive];
  const std::string_view text(value.data(), value.size());
  constexpr std::string_view name = "timeout=";
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  unsigned seconds = 0;
  const std::string_view digits = text.substr(at + name.size());
  if (std::from_chars(digits.data(), digits.data() + digits.size(), seconds).ec != std::errc()) {
    return std::nullopt;
  }
  return std::chrono::seconds(seconds);
}

}  // namespace

struct Upstream::Response {
  http::response_parser<GatheringBody> parser;
  std::string unread;  ///< the beginning of what could not be parsed yet
  std::optional<Duration> promised_idle;
  bool head_reported = false;
  bool body_begun = false;

  explicit Response(std::size_t header_bytes) {
    parser.body_limit(boost::none);
    parser.header_limit(static_cast<std::uint32_t>(header_bytes));
    parser.eager(true);
    parser.get().body() = &gathered();
  }
};

Upstream::Upstream(UpstreamPool& pool, relay::RunId run, Report report)
    : pool_(pool), run_(run), report_(std::move(report)) {}

Upstream::~Upstream() = default;

// -- from outside

/// Over a kept connection the request is mostly on its way when this returns.
bool Upstream::start(const provider::HttpRequest& request) {
  const Address* const address = pool_.address(request.url);
  const auto self = shared_from_this();
  if (!address) {
    asio::post(pool_.executor(), [self] {
      self->fail({"its address is no http or https URL", false});
    });
    return false;
  }
  const Proxy* const proxy = address->origin.tls ? nullptr : pool_.proxy(address->origin);
  std::string bytes = write_request(request, *address, proxy);
  begin_on_kept(address->origin, bytes);
  if (sent_ == bytes.size()) return true;
  asio::co_spawn(pool_.executor(), run(address->origin, std::move(bytes)),
                 [self](std::exception_ptr) {});
  return false;
}

void Upstream::close() {
  closed_ = true;
  if (channel_) channel_->close();
  leave();
}

void Upstream::release() {
  released_ = true;
  if (!response_) return close();
  if (!response_->parser.is_done()) wait_for_end();
}

void Upstream::pause(bool paused) {
  if (channel_) channel_->pause(paused);
}

void Upstream::report(relay::Input input) {
  if (!closed_ && !released_) report_(std::move(input));
}

// -- the request

void Upstream::begin_on_kept(const Origin& origin, std::string_view request) {
  const std::shared_ptr<Channel> kept = pool_.take(origin);
  if (!kept) return;
  use(kept);
  sent_ = kept->send_now(request);
}

void Upstream::use(std::shared_ptr<Channel> channel) {
  channel_ = std::move(channel);
  response_ = std::make_unique<Response>(pool_.limits().header_bytes);
  channel_->set_user(shared_from_this());
}

/// Sends what is left of the request. Over a kept connection that was closed meanwhile nothing has
/// gone out: then a new one cannot pay twice.
Task<> Upstream::run(Origin origin, std::string request) {
  if (channel_) {
    sent_ += co_await channel_->send(std::string_view(request).substr(sent_));
    if (closed_) co_return;
    if (sent_ > 0 && channel_->closed()) co_return end(false);
  }
  bool done = sent_ > 0;
  if (!done) done = co_await open(origin, request);
  if (done) report(relay::ProviderSent{run_});
}

/// A provider may refuse a request before it has read all of it: its response counts even then.
Task<bool> Upstream::open(const Origin& origin, const std::string& request) {
  if (channel_) channel_->set_user(nullptr);
  if (channel_) channel_->close();
  const bool found = co_await find_channel(origin);
  if (!found) co_return false;
  use(channel_);
  sent_ = request.size();  // from here on it may have been taken
  co_await channel_->send(request);
  co_return !closed_;
}

/// A new connection, or where no more may be opened, the first that is free. False: there is none.
Task<bool> Upstream::find_channel(const Origin& origin) {
  const limits::Provider& limits = pool_.provider_limits();
  const Instant deadline = now() + limits.connect;
  channel_ = pool_.make(origin);
  while (!channel_) {
    if (now() >= deadline) {
      fail({"all connections that may be open to it are in use", true});
      co_return false;
    }
    co_await pool_.wait(origin, deadline);
    if (closed_) co_return false;
    channel_ = pool_.take(origin);
    if (channel_) co_return true;
    channel_ = pool_.make(origin);
  }
  std::optional<Channel::Failure> failure = co_await channel_->connect(limits.connect, limits.tls);
  if (closed_) co_return false;
  if (!failure) {
    pool_.note_connected(*channel_);
    co_return true;
  }
  fail(*std::move(failure));
  co_return false;
}

// -- the response

void Upstream::on_bytes(std::string_view bytes) {
  const auto self = shared_from_this();
  if (closed_) return;
  if (released_) bytes_after_release_ += bytes.size();
  if (bytes_after_release_ > pool_.limits().response_end_bytes) return close();
  read_response(bytes);
}

/// Reports what one read has brought: a head, a piece of the body, the end.
void Upstream::read_response(std::string_view bytes) {
  std::string all;
  if (!response_->unread.empty()) {
    all = std::exchange(response_->unread, {}).append(bytes);
    bytes = all;
  }
  gathered().clear();
  if (!put(bytes)) return end(false);
  Response& response = *response_;
  if (response.parser.is_header_done() && !std::exchange(response.head_reported, true)) {
    report_head();
  }
  if (!closed_ && !gathered().empty()) {
    response.body_begun = true;
    report(relay::ProviderBytes{run_, gathered()});
  }
  if (closed_) return;
  if (!response.parser.is_done()) {
    response.unread = bytes;
  } else if (bytes.empty()) {
    finish();
  } else {
    end(true);  // more than was asked for: the connection is of no further use
  }
}

/// The fields are let go then: a response may last for long.
void Upstream::report_head() {
  auto& head = response_->parser.get();
  response_->promised_idle = promised_idle(head);
  std::vector<provider::Header> headers = header_list(head);
  head.clear();
  report(relay::ProviderHead{run_, static_cast<int>(head.result_int()), std::move(headers)});
}

/// Parses as far as it goes; `bytes` is what remains. Interim responses (1xx) are passed over.
/// False: this is no HTTP, or its framing has no end: Beast sets no limit to the number of a
/// header's lines, or to a chunk's.
bool Upstream::put(std::string_view& bytes) {
  error_code error;
  while (!bytes.empty() && !response_->parser.is_done()) {
    const auto& parser = response_->parser;
    const bool at_first_chunk =
        parser.is_header_done() && parser.chunked() && !response_->body_begun;
    if (at_first_chunk && bytes.size() < chunks_least) return true;
    const bool in_head = !parser.is_header_done();
    if (in_head && head_bytes_ > pool_.limits().header_bytes) return false;
    const std::size_t used = response_->parser.put(asio::buffer(bytes), error);
    bytes.remove_prefix(used);
    if (in_head) head_bytes_ += used;
    if (error == http::error::need_more) return bytes.size() <= pool_.limits().header_bytes;
    if (error) return false;
    if (response_->parser.is_done() && response_->parser.get().result_int() / 100 == 1) {
      response_ = std::make_unique<Response>(pool_.limits().header_bytes);
    } else if (used == 0) {
      return true;
    }
  }
  return true;
}

void Upstream::on_end(bool clean) {
  const auto self = shared_from_this();
  if (closed_ || sent_ == 0) return;
  error_code error;
  // A body without a length ends with its connection.
  if (clean && response_->parser.is_header_done() && response_->parser.need_eof()) {
    gathered().clear();
    response_->parser.put_eof(error);
    return end(!error);
  }
  end(false);  // not a failure to connect: the request may have been taken and paid for
}

/// The response has ended in order: the connection may serve another request.
void Upstream::finish() {
  const limits::Upstream& limits = pool_.limits();
  const auto promised = response_->promised_idle;
  // A second for the way there: the other side must not close it under a request.
  const Duration idle =
      promised ? std::min<Duration>(*promised - 1s, 15 * limits.idle) : limits.idle;
  if (response_->parser.keep_alive()) {
    pool_.keep(std::exchange(channel_, nullptr), idle);
  } else {
    channel_->close();
  }
  end(true);
}

void Upstream::wait_for_end() {
  end_timer_ = std::make_unique<asio::steady_timer>(pool_.executor());
  end_timer_->expires_after(pool_.limits().response_end);
  end_timer_->async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->close();
  });
}

void Upstream::fail(Channel::Failure failure) {
  report(relay::ProviderFailed{run_, std::move(failure.message), failure.timed_out});
  close();
}

void Upstream::end(bool clean) {
  report(relay::ProviderEnded{run_, clean});
  close();
}

/// Lets go of everything that would keep this alive.
void Upstream::leave() {
  if (end_timer_) end_timer_->cancel();
  if (channel_) channel_->set_user(nullptr);
  channel_.reset();
}

}  // namespace weir::edge
