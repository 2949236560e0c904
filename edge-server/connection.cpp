#include "connection.hpp"

#include <algorithm>
#include <utility>

#include "clock.hpp"
#include "dispatch.hpp"
#include "response.hpp"
#include "socket_read.hpp"

namespace weir::edge {
namespace {

/// How long a client may go on sending after the last that it is told, so that this is not lost to
/// a reset.
constexpr Duration hang_up_limit = 2s;

std::string peer_of(const tcp::socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  return error ? "" : peer.address().to_string();
}

}  // namespace

Connection::Connection(Services& services, tcp::socket socket)
    : services_(services),
      socket_(std::move(socket)),
      output_(socket_),
      timer_(socket_.get_executor()),
      place_(services.registry, [this](bool at_once) { ask_to_close(at_once); }),
      peer_(peer_of(socket_)),
      client_(services.clients.client_of(peer_, {})) {
  output_.on_drained = [this] { write(); };
  output_.on_broken = [this] { close(); };
}

void Connection::start() {
  limit(services_.server.request_read);
  wait_for_bytes();
}

// -- reading

/// While a request is being served the next one is not read further than it has come.
bool Connection::reads() const {
  if (state_ == State::closed || ended_) return false;
  return state_ != State::busy || activity_->listens() || unread_.empty();
}

void Connection::wait_for_bytes() {
  if (waiting_ || !reads()) return;
  waiting_ = true;
  socket_.async_wait(tcp::socket::wait_read, [self = self()](error_code error) {
    self->waiting_ = false;
    if (self->state_ == State::closed) return;
    if (error) return self->close();
    self->read();
  });
}

void Connection::read() {
  using Outcome = SocketRead::Outcome;
  const SocketRead got = read_now(socket_);
  if (got.outcome == Outcome::broken) return close();
  if (got.outcome == Outcome::ended) take_end();
  if (got.outcome == Outcome::bytes) take(got.bytes);
  wait_for_bytes();
}

void Connection::take(std::string_view bytes) {
  if (state_ == State::hanging_up || state_ == State::closed) return;
  if (state_ == State::busy && activity_->listens()) return hear(bytes);
  std::string all;
  if (!unread_.empty()) {
    all = std::exchange(unread_, {}).append(bytes);
    bytes = all;
  }
  while (!bytes.empty() && (state_ == State::idle || state_ == State::reading)) {
    const bool whole = take_request(bytes);
    if (!whole) break;
  }
  if (state_ == State::busy && activity_->listens()) return hear(bytes);
  if (!bytes.empty() && state_ <= State::busy) unread_ = bytes;
}

/// Takes one request from the front of `bytes`; false where its end has not come.
bool Connection::take_request(std::string_view& bytes) {
  if (state_ == State::idle) {
    state_ = State::reading;
    request_ = std::make_unique<RequestReader>(services_.gate, services_.server, services_.request);
    limit(services_.server.request_read);
  }
  request_->read(bytes);
  if (request_->takes_wish_to_continue()) tell_to_continue();
  if (!request_->done()) return false;
  const std::unique_ptr<RequestReader> request = std::move(request_);
  if (auto& refusal = request->refusal()) {
    begin(std::make_shared<Response>(request->refusal_context(), *std::move(refusal)));
  } else {
    const bool keep_alive = request->keep_alive() && !services_.draining;
    Request whole = request->release();
    const std::uint64_t client = client_of(whole);
    begin(dispatch(services_, *this, client, std::move(whole), keep_alive));
  }
  return true;
}

std::uint64_t Connection::client_of(const Request& request) const {
  if (!services_.clients.trusts(peer_)) return client_;
  return services_.clients.client_of(peer_, joined_field(request, "X-Forwarded-For"));
}

void Connection::tell_to_continue() {
  output_.send(
      self(),
      [](std::string& out) {
        out += "HTTP/1.1 100 Continue\r\n\r\n";
        return false;
      },
      [] { return false; });
}

/// The client sends nothing more.
void Connection::take_end() {
  ended_ = true;
  if (state_ != State::busy || activity_->ends_with_client()) close();
}

// -- what goes on

void Connection::begin(std::shared_ptr<Activity> activity) {
  state_ = State::busy;
  activity_ = std::move(activity);
  serve();
}

void Connection::hear(std::string_view bytes) {
  const std::shared_ptr<Activity> activity = activity_;  // it may end meanwhile
  holding_ = true;
  const bool fine = activity->receive(bytes, output_.busy());
  holding_ = false;
  if (!fine) return close();
  if (activity_ == activity) serve();
}

/// Sends what the client's word has brought about. The first of an answer waits a little for what
/// comes next.
void Connection::serve() {
  holding_ = activity_->takes_begun_answer();
  write();
  const bool held = std::exchange(holding_, false);
  if (held && state_ == State::busy) {
    timer_.arm(now() + services_.server.first_event, self(), [this] { check_time(); });
  }
}

void Connection::wake(relay::ReaderId reader) {
  if (activity_) activity_->wake(reader);
}

void Connection::write() {
  if (state_ != State::busy) return;
  const std::shared_ptr<Activity> activity = activity_;  // it may end meanwhile
  output_.send(
      self(), [&](std::string& out) { return activity->append(out); },
      [&] { return holding_ && !activity->finished(); });
  services_.driver.settle();
  if (activity_ != activity) return;
  if (activity->finished() && !output_.busy()) {
    go_on();
  } else {
    keep_time();
  }
}

/// The next request's turn, where there may be one.
void Connection::go_on() {
  const bool keep = activity_->keeps_connection();
  end_activity();
  const bool over = unread_.empty() && (ended_ || services_.draining);
  if (!keep || over) return hang_up();
  state_ = State::idle;
  limit(services_.server.idle);
  if (!unread_.empty()) take(std::exchange(unread_, {}));
  if (ended_ && state_ != State::busy) return close();
  wait_for_bytes();
}

void Connection::end_activity() {
  const std::shared_ptr<Activity> activity = std::exchange(activity_, nullptr);
  if (!activity) return;
  activity->close();
  services_.driver.settle();
}

// -- time

void Connection::limit(Duration wait) {
  deadline_ = now() + wait;
  keep_time();
}

/// When something is to be done though nothing has come; nothing while a response is being taken.
std::optional<Instant> Connection::due() const {
  if (state_ != State::busy) return deadline_;
  if (output_.stuck_since()) return *output_.stuck_since() + services_.server.write;
  return activity_->deadline();
}

void Connection::keep_time() {
  if (state_ == State::closed) return;
  if (const auto when = due()) timer_.arm(*when, self(), [this] { check_time(); });
}

void Connection::check_time() {
  if (state_ == State::closed) return;
  const auto stuck = output_.stuck_since();
  const bool too_long = stuck && now() - *stuck >= services_.server.write;
  const bool too_late = state_ != State::busy && now() >= deadline_;
  if (too_long || too_late) return close();
  write();
  keep_time();
}

// -- the end

/// See Registry::Close.
void Connection::ask_to_close(bool at_once) {
  if (at_once || state_ == State::idle) return close();
  if (state_ != State::busy) return;
  activity_->drain();
  write();
}

/// Says nothing more, and waits until the client does so too.
void Connection::hang_up() {
  state_ = State::hanging_up;
  unread_ = {};
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  if (ended_) return close();
  limit(hang_up_limit);
  wait_for_bytes();
}

void Connection::close() {
  if (std::exchange(state_, State::closed) == State::closed) return;
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  request_.reset();
  end_activity();
}

}  // namespace weir::edge
