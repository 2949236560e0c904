#include <algorithm>
#include <utility>

#include "weir/transport/core.hpp"
#include "weir/wire/frames.hpp"

namespace weir::transport {

namespace {

constexpr int retryable_statuses[] = {429, 502, 503, 504};

bool is_retryable(int status) {
  return std::find(std::begin(retryable_statuses), std::end(retryable_statuses), status) !=
         std::end(retryable_statuses);
}

/// The edge would not take the ask now, but may later: what HTTP says with 429 and 503.
bool asks_to_wait(const stream::Entry& entry) {
  const auto* failed = std::get_if<stream::Failed>(&entry.event);
  return failed != nullptr && entry.cursor == 0 && failed->retryable &&
         (failed->error.code == ErrorCode::rate_limited ||
          failed->error.code == ErrorCode::queue_full);
}

/// May come without a cursor. An event stream's id stays in force for events that bring none, so
/// one of these with the id of the event before it stands in no log.
bool may_stand_alone(const stream::Event& event) {
  return std::holds_alternative<stream::Gap>(event) ||
         std::holds_alternative<stream::Notice>(event) ||
         std::holds_alternative<stream::Failed>(event);
}

/// About the connection itself: the two sides do not understand each other.
bool says_unreadable(const stream::Event& event) {
  const auto* failed = std::get_if<stream::Failed>(&event);
  return failed != nullptr && (failed->error.code == ErrorCode::invalid_request ||
                               failed->error.code == ErrorCode::request_too_large);
}

bool says_draining(const stream::Event& event) {
  const auto* notice = std::get_if<stream::Notice>(&event);
  return notice != nullptr && notice->kind == stream::Notice::Kind::draining;
}

}  // namespace

// -- the sockets

void Transport::Core::on(SocketOpened& input, Instant now) {
  Socket* socket = sockets_.find(input.socket);
  if (socket == nullptr || socket->state() != SocketState::opening) return;
  sockets_.opened(*socket, now);
  offline_ = false;
  forget_held_back();
  for (Answer& answer : answers_) {
    if (answer.phase == Phase::boarding) send_on_socket(answer, *socket, now);
    if (answer.phase == Phase::resting && !answer.told_to_wait) answer.retry_now(now);
  }
}

void Transport::Core::on(SocketText& input, Instant now) {
  Socket* socket = sockets_.find(input.socket);
  if (socket == nullptr) return;
  figures_.bytes_received += input.text.size();
  // A host that tells things out of order may have told others not at all.
  if (!socket->carries_answers()) return drop_socket(input.socket, now);
  if (input.text.size() > limits_.frame_bytes) return drop_socket(input.socket, now);
  const auto frame = wire::read_server_frame(input.text);
  if (!frame) return drop_socket(input.socket, now);
  socket->hear(now);
  const auto* event = *frame ? std::get_if<wire::EventFrame>(&**frame) : nullptr;
  if (event != nullptr && event->ref == 0) return receive_about(*socket, event->entry.event, now);
  sockets_.encourage();
  if (event != nullptr) receive(*event, *socket, now);
}

void Transport::Core::on(SocketClosed& input, Instant now) {
  if (sockets_.find(input.socket) != nullptr) socket_gone(input.socket, now);
}

void Transport::Core::drop_socket(SocketId id, Instant now) {
  actions_.push_back(CloseSocket{id});
  socket_gone(id, now);
}

void Transport::Core::socket_gone(SocketId id, Instant now) {
  const Socket socket = *sockets_.find(id);
  const bool wanted = wants_socket(id);
  sockets_.gone(id, now, wanted);
  // What was known of HTTP is as old as that socket.
  if (socket.is_open() && !wanted) http_works_ = false;
  for (Answer& answer : answers_) {
    const bool waited = socket.state() == SocketState::opening && answer.phase == Phase::boarding;
    const bool carried = answer.socket == id;
    if (carried) answer.socket = 0;
    if (!waited && !(carried && answer.phase == Phase::on_socket)) continue;
    // One fruitless socket may be bad luck: it is tried again, unless HTTP was no better.
    const bool lucky = !sockets_.doubted() && !answer.round.http_failed;
    if (!answer.progressed && !lucky) answer.round.socket_failed = true;
    cut(answer, carried ? socket.heard() : answer.attempt_began, now);
  }
  // With nothing to ask there is no round: the socket's word is the only one.
  const bool refused = socket.state() == SocketState::opening;
  if (refused && !wanted && !http_works_) offline_ = true;
}

void Transport::Core::receive(const wire::EventFrame& frame, Socket& socket, Instant now) {
  if (frame.ref == probe_ref) return sockets_.replied(socket);
  Answer* answer = find(frame.ref);
  if (answer == nullptr || answer->socket != socket.id()) return;
  sockets_.brought_event(socket);
  if (!answer->cancelling()) answer->confirm_by.reset();
  if (!receive(*answer, frame.entry, now)) drop_socket(socket.id(), now);
}

/// What the edge says of a connection and not of one answer.
void Transport::Core::receive_about(Socket& socket, const stream::Event& event, Instant now) {
  if (stream::ends_answer(event)) {
    if (says_unreadable(event)) drop_socket(socket.id(), now);
    return;  // a cancel that found nothing to cancel: whose it was ends by itself
  }
  if (says_draining(event)) {
    if (!socket.is_open()) return;  // it was told before
    sockets_.drain(socket, now);
  }
  for (Answer& answer : answers_) {
    if (answer.socket == socket.id()) receive(answer, {0, event}, now);
  }
}

// -- an exchange

void Transport::Core::on(HttpHead& input, Instant now) {
  if (inquiry_ && input.exchange == inquiry_->exchange) return take_inquiry(input.status, now);
  Answer* answer = find_exchange(input.exchange);
  if (answer == nullptr || answer->exchange->status != 0) return;
  answer->reached = answer->round.contact = true;
  http_works_ = true;
  offline_ = false;
  answer->exchange->status = std::max(input.status, 1);
  answer->exchange->heard = now;

  if (answer->phase == Phase::stopping) {
    if (!is_retryable(input.status)) return end_cancelled(*answer);
    return drop_exchange(*answer, now);
  }
  if (input.status != 200) return answer->move(Move::refusal);
  answer->move(Move::head);
  if (input.answer.empty()) return;  // `accepted` will name it
  const std::optional<Id128> id = id128_from_hex(input.answer);
  if (!id || (answer->id && *answer->id != *id)) return drop_exchange(*answer, now);
  answer->id = id;
}

void Transport::Core::on(HttpBytes& input, Instant now) {
  figures_.bytes_received += input.bytes.size();
  Answer* answer = find_exchange(input.exchange);
  if (answer == nullptr) return;
  // Without its head a body is worth nothing: what came first of it may be lost as well.
  if (answer->phase == Phase::requesting) return drop_exchange(*answer, now);
  answer->exchange->heard = now;
  answer->exchange->spoke = true;
  if (answer->phase == Phase::streaming) return read_stream(*answer, input.bytes, now);
  if (answer->phase != Phase::refused) return;
  std::string& body = answer->exchange->error_body;
  const std::size_t room = limits_.frame_bytes - std::min(body.size(), limits_.frame_bytes);
  body.append(input.bytes, 0, room);
}

void Transport::Core::on(HttpEnded& input, Instant now) {
  if (inquiry_ && input.exchange == inquiry_->exchange) inquiry_.reset();
  Answer* answer = find_exchange(input.exchange);
  if (answer == nullptr) return;
  if (answer->phase == Phase::refused && input.clean) return read_refusal(*answer, now);
  if (input.clean && served(*answer, now)) return go_on(*answer, now);
  exchange_gone(*answer, now);
}

void Transport::Core::drop_exchange(Answer& answer, Instant now) {
  actions_.push_back(AbortHttp{answer.exchange->id});
  exchange_gone(answer, now);
}

void Transport::Core::exchange_gone(Answer& answer, Instant now) {
  const Instant heard = answer.exchange->heard;
  if (answer.exchange->status == 0) http_works_ = false;
  if (!answer.progressed) answer.round.http_failed = true;
  answer.exchange.reset();
  cut(answer, heard, now);
}

void Transport::Core::abort_http(Answer& answer) {
  if (!answer.exchange) return;
  actions_.push_back(AbortHttp{answer.exchange->id});
  answer.exchange.reset();
}

void Transport::Core::read_stream(Answer& answer, std::string_view bytes, Instant now) {
  answer.exchange->parser.feed(bytes);
  bool sound = true;
  while (sound && answer.phase == Phase::streaming) {
    const auto message = answer.exchange->parser.next();
    if (!message) break;
    auto entry = wire::read_sse(message->event, message->id, message->data);
    sound = static_cast<bool>(entry);
    if (!sound || !*entry) continue;
    if (message->id == answer.exchange->last_id && may_stand_alone((*entry)->event)) {
      (*entry)->cursor = 0;
    }
    answer.exchange->last_id = message->id;
    sound = receive(answer, std::move(**entry), now);
  }
  if (answer.phase != Phase::streaming) return;
  if (sound && !answer.exchange->parser.error()) return;
  drop_exchange(answer, now);
}

void Transport::Core::read_refusal(Answer& answer, Instant now) {
  const Exchange exchange = *std::exchange(answer.exchange, std::nullopt);
  stream::Failed failed = wire::read_error_body(exchange.status, exchange.error_body);
  if (is_retryable(exchange.status)) return refused(answer, std::move(failed), now);
  end(answer, {0, std::move(failed)});
}

// -- what comes, over either

/// False: the edge contradicts itself, and nothing was taken.
bool Transport::Core::receive(Answer& answer, stream::Entry entry, Instant now) {
  if (const auto* accepted = std::get_if<stream::Accepted>(&entry.event)) {
    if (answer.id && *answer.id != accepted->answer) return false;
    answer.id = accepted->answer;
  }
  if (!answer.take(entry)) {
    if (!stream::ends_answer(entry.event)) return true;
    entry.cursor = 0;  // told once more to a follower that had read it: no step in the order
  }
  if (asks_to_wait(entry) && !answer.cancelling()) {
    abort_http(answer);
    refused(answer, std::move(std::get<stream::Failed>(entry.event)), now);
  } else if (stream::ends_answer(entry.event)) {
    end(answer, std::move(entry));
  } else {
    actions_.push_back(Deliver{answer.ref, std::move(entry)});
  }
  return true;
}

}  // namespace weir::transport
