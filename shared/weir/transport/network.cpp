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

}  // namespace

// -- the shared socket

void Transport::Core::on(SocketOpened& input, Instant now) {
  if (input.socket != socket_.id() || socket_.state() != SocketState::opening) return;
  socket_.opened(now);
  offline_ = false;
  for (Answer& answer : answers_) {
    if (answer.phase == Phase::boarding) send_on_socket(answer, now);
    if (answer.phase == Phase::resting && !answer.told_to_wait) answer.retry_now(now);
  }
}

void Transport::Core::on(SocketText& input, Instant now) {
  if (input.socket != socket_.id() || !socket_.is_open()) return;
  figures_.bytes_received += input.text.size();
  if (input.text.size() > limits_.frame_bytes) return drop_socket(now);
  const auto frame = wire::read_server_frame(input.text);
  if (!frame) return drop_socket(now);
  socket_.heard(now);
  if (!*frame) return;
  if (const auto* event = std::get_if<wire::EventFrame>(&**frame)) receive(*event, now);
}

void Transport::Core::on(SocketClosed& input, Instant now) {
  const bool there = socket_.is_open() || socket_.state() == SocketState::opening;
  if (there && input.socket == socket_.id()) socket_gone(now);
}

void Transport::Core::drop_socket(Instant now) {
  actions_.push_back(CloseSocket{socket_.id()});
  socket_gone(now);
}

void Transport::Core::socket_gone(Instant now) {
  const bool was_open = socket_.is_open();
  if (was_open && !busy()) http_works_ = false;  // what was known of HTTP is as old as that socket
  socket_.gone(now, busy());
  for (Answer& answer : answers_) {
    if (answer.phase != Phase::on_socket && answer.phase != Phase::boarding) continue;
    // One fruitless socket may be bad luck: it is tried again, unless HTTP was no better.
    const bool lucky = !socket_.doubted() && !answer.round.http_failed;
    if (!answer.progressed && !lucky) answer.round.socket_failed = true;
    cut(answer, now);
  }
  // With nothing to ask there is no round: the socket's word is the only one.
  if (!was_open && !busy() && !http_works_) offline_ = true;
}

void Transport::Core::receive(const wire::EventFrame& frame, Instant now) {
  if (frame.ref != 0) {
    Answer* answer = find(frame.ref);
    if (answer == nullptr || answer->phase != Phase::on_socket) return;
    socket_.brought_event();
    if (!receive(*answer, frame.entry, now)) drop_socket(now);
    return;
  }
  if (stream::ends_answer(frame.entry.event)) {
    if (says_unreadable(frame.entry.event)) drop_socket(now);
    return;  // a cancel that found nothing to cancel: whose it was ends by itself
  }
  for (Answer& answer : answers_) {
    if (answer.phase == Phase::on_socket) receive(answer, {0, frame.entry.event}, now);
  }
}

// -- an exchange

void Transport::Core::on(HttpHead& input, Instant now) {
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
  answer->exchange->heard = now;
  if (answer->phase == Phase::streaming) return read_stream(*answer, input.bytes, now);
  if (answer->phase != Phase::refused) return;
  std::string& body = answer->exchange->error_body;
  const std::size_t room = limits_.frame_bytes - std::min(body.size(), limits_.frame_bytes);
  body.append(input.bytes, 0, room);
}

void Transport::Core::on(HttpEnded& input, Instant now) {
  Answer* answer = find_exchange(input.exchange);
  if (answer == nullptr) return;
  if (answer->phase == Phase::refused && input.clean) return read_refusal(*answer, now);
  exchange_gone(*answer, now);
}

void Transport::Core::drop_exchange(Answer& answer, Instant now) {
  actions_.push_back(AbortHttp{answer.exchange->id});
  exchange_gone(answer, now);
}

void Transport::Core::exchange_gone(Answer& answer, Instant now) {
  if (answer.exchange->status == 0) http_works_ = false;
  if (!answer.progressed) answer.round.http_failed = true;
  answer.exchange.reset();
  cut(answer, now);
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
