#include "weir/transport/core.hpp"

#include <algorithm>
#include <utility>

#include "weir/json/json.hpp"

namespace weir::transport {

Transport::Core::Core(Config config)
    : limits_(config.limits), random_(config.jitter_seed), sockets_(limits_, random_) {}

void Transport::Core::handle(Input& input, Instant host_now) {
  const Instant now = awake(host_now);
  std::visit([this, now](auto& alternative) { on(alternative, now); }, input);
  settle(now);
  answers_.erase(std::remove_if(answers_.begin(), answers_.end(),
                                [](const Answer& answer) { return answer.ended(); }),
                 answers_.end());
  tell_status();
}

std::optional<Action> Transport::Core::poll() {
  if (actions_.empty()) return std::nullopt;
  Action action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

// -- the reader

void Transport::Core::on(Connect&, Instant) {
  wanted_ = true;
}

void Transport::Core::on(Ask& input, Instant now) {
  WEIR_ASSERT(input.ref != 0 && input.ref != probe_ref && find(input.ref) == nullptr);
  // Within a frame it would make the whole frame unreadable, and the edge could not say whose.
  const auto request = json::parse(input.request, limits::Request{}.json_depth);
  if (!request || !request->is_object()) {
    const Error error{ErrorCode::invalid_request, "The request is not a JSON object.", {}};
    actions_.push_back(Deliver{input.ref, {0, stream::Failed{error, {}, false, std::nullopt}}});
    return;
  }
  Answer answer;
  answer.ref = input.ref;
  answer.key = input.key;
  answer.request = std::move(input.request);
  answer.is_ask = true;
  answer.known = input.again;
  answer.retry_at = now;
  answers_.push_back(std::move(answer));
}

void Transport::Core::on(Follow& input, Instant now) {
  WEIR_ASSERT(input.ref != 0 && input.ref != probe_ref && find(input.ref) == nullptr);
  Answer answer;
  answer.ref = input.ref;
  answer.key = input.key;
  answer.id = input.answer;
  answer.last = input.after;
  answer.known = true;
  answer.retry_at = now;
  answers_.push_back(std::move(answer));
}

void Transport::Core::on(Cancel& input, Instant now) {
  Answer* answer = find(input.ref);
  if (answer == nullptr || answer->cancelling()) return;
  // Nobody has heard of it, or nobody would obey: the edge lets an unread answer linger and stop.
  const bool heard = answer->sent || answer->known;
  if (!heard || !answer->key) return end_cancelled(*answer);

  answer->cancel_by = now + limits_.cancel;
  if (answer->phase == Phase::on_socket) return send_stop(*answer, now);
  if (answer->exchange) {
    abort_http(*answer);
    answer->move(Move::cut);
  }
  if (answer->phase == Phase::resting) {
    answer->round = {};
    answer->retry_now(now);
  }
}

void Transport::Core::on(NetworkChanged& input, Instant now) {
  online_ = input.online;
  forget_held_back();
  if (!online_) {
    offline_ = true;
    return;
  }
  offline_ = false;
  sockets_.try_again_now(now);
  for (const SocketId id : sockets_.ids()) doubt(*sockets_.find(id), now);
  for (Answer& answer : answers_) {
    if (answer.phase == Phase::resting && !answer.told_to_wait) answer.retry_now(now);
  }
}

void Transport::Core::on(HttpAnswered&, Instant) {
  http_works_ = true;
  offline_ = false;
}

// -- choosing a transport

void Transport::Core::route_rested(Instant now) {
  for (Answer& answer : answers_) {
    if (answer.phase == Phase::resting && now >= answer.retry_at && may_try(answer)) {
      route(answer, now);
    }
  }
}

void Transport::Core::route(Answer& answer, Instant now) {
  // A Stop that HTTP did not take is said again where the answer is.
  if (answer.socket != 0) {
    answer.move(Move::send);
    return send_stop(answer, now);
  }
  if (Socket* open = sockets_.open()) return send_on_socket(answer, *open, now);
  // A socket that failed before is waited for only by who found HTTP failing too.
  const bool http_is_next = sockets_.doubted() && !answer.round.http_failed;
  if (http_is_next || answer.round.socket_failed) return open_http(answer, now);
  if (sockets_.current() == nullptr) try_socket(now);
  answer.move(Move::board);
}

void Transport::Core::try_socket(Instant now) {
  ++figures_.sockets_opened;
  actions_.push_back(OpenSocket{sockets_.try_one(now)});
}

void Transport::Core::begin_attempt(Answer& answer, Instant now) {
  if (answer.sent && answer.lost_since && !answer.cancelling()) ++figures_.resumes;
  answer.sent = true;
  answer.progressed = false;
  answer.attempt_began = now;
}

void Transport::Core::send_on_socket(Answer& answer, Socket& socket, Instant now) {
  answer.move(Move::send);
  begin_attempt(answer, now);
  answer.reached = true;
  answer.round.contact = true;
  answer.socket = socket.id();
  socket.asked();
  // First the Stop, then the reading: what is asked for again finds itself cancelled.
  if (answer.cancelling()) send_stop(answer, now);
  std::string frame = opening_frame(answer);
  answer.confirm_by = now + limits_.reply + upload(frame.size());
  actions_.push_back(SendText{socket.id(), std::move(frame)});
}

void Transport::Core::open_http(Answer& answer, Instant now) {
  answer.move(answer.cancelling() ? Move::stop : Move::request);
  begin_attempt(answer, now);
  ++figures_.exchanges_opened;
  Exchange& exchange = answer.exchange.emplace(limits_.frame_bytes);
  exchange.id = ++last_exchange_;
  exchange.heard = now;
  exchange.polls = polls(answer);
  OpenHttp open = http_request(answer, exchange.id,
                               exchange.polls ? std::optional(limits_.http_wait) : std::nullopt);
  const Duration sending = upload(open.body.size());
  exchange.head_within = limits_.http_head + sending;
  if (!exchange.polls) exchange.inquire_at = now + limits_.http_inquiry + sending;
  actions_.push_back(std::move(open));
}

/// On the socket where the answer is. If the edge does not end it soon, HTTP may get through.
void Transport::Core::send_stop(Answer& answer, Instant now) {
  answer.confirm_by = now + limits_.reply;
  actions_.push_back(SendText{answer.socket, cancel_frame(answer)});
}

/// Closes the draining sockets whose answers have all ended.
void Transport::Core::leave_drained(Instant now) {
  for (const SocketId id : sockets_.ids()) {
    if (sockets_.find(id)->state() != SocketState::draining) continue;
    const bool used = std::any_of(answers_.begin(), answers_.end(),
                                  [id](const Answer& answer) { return answer.socket == id; });
    if (!used) drop_socket(id, now);
  }
}

// -- what goes wrong

void Transport::Core::cut(Answer& answer, Instant heard, Instant now) {
  answer.move(Move::cut);
  answer.confirm_by.reset();
  answer.note_cut(now, heard, limits_.silence);
  if (answer.round.over()) return close_round(answer, now);
  answer.retry_now(now);
  // The other transport is tried at once; the same one again after a wait.
  const bool changes_over = answer.round.socket_failed || answer.round.http_failed;
  if (changes_over) return;
  answer.retry_at = now + wait(answer);
  answer.backing_off = true;
}

/// A connection that broke may have carried the ask, so it is tried again with the same key. Where
/// packets are swallowed, or the host knows of no network, one round has told enough.
bool Transport::Core::is_worth_a_round(const Answer& answer, Instant now) const {
  const bool swallowed = now - answer.attempt_began >= limits_.http_head;
  return online_ && !swallowed && answer.rounds + 1 < limits_.unreached_rounds;
}

void Transport::Core::close_round(Answer& answer, Instant now) {
  const bool untaken = answer.is_ask && !answer.reached && !answer.cancelling();
  if (untaken && is_worth_a_round(answer, now)) return begin_round(answer, now);
  if (!answer.round.contact) {
    offline_ = true;
    sockets_.try_again_soon(now);
  }
  if (untaken) {
    actions_.push_back(Unreachable{answer.ref});
    return forget(answer);
  }
  begin_round(answer, now);
}

void Transport::Core::begin_round(Answer& answer, Instant now) {
  ++answer.rounds;
  answer.round = {};
  answer.retry_at = now + wait(answer);
  answer.backing_off = true;
}

void Transport::Core::refused(Answer& answer, stream::Failed failed, Instant now) {
  answer.move(Move::cut);
  answer.socket = 0;
  answer.confirm_by.reset();
  answer.note_cut(now, now, limits_.silence);
  answer.round = {};
  answer.retry_at = now + std::max<Duration>(wait(answer), failed.retry_after.value_or(0ms));
  answer.backing_off = answer.told_to_wait = true;
  answer.refusal = std::move(failed);
  // Nobody is kept waiting for what will not be tried.
  if (answer.retry_at >= *answer.lost_since + limits_.resume) give_up(answer);
}

void Transport::Core::give_up(Answer& answer) {
  if (answer.cancelling()) return end_cancelled(answer);
  if (answer.refusal) return end(answer, {0, *std::exchange(answer.refusal, std::nullopt)});
  end(answer, {0, stream::Failed{{ErrorCode::provider_unreachable, "The edge cannot be reached.",
                                  "Check the network connection and ask again."},
                                 {},
                                 true,
                                 std::nullopt}});
}

// -- the end

void Transport::Core::end(Answer& answer, stream::Entry last) {
  actions_.push_back(Deliver{answer.ref, std::move(last)});
  forget(answer);
}

void Transport::Core::end_cancelled(Answer& answer) {
  end(answer,
      {0, stream::Failed{
              {ErrorCode::cancelled, "The answer was stopped.", {}}, {}, false, std::nullopt}});
}

void Transport::Core::forget(Answer& answer) {
  abort_http(answer);
  answer.socket = 0;
  answer.move(Move::end);
}

// -- status

Status Transport::Core::present_status() const {
  if (sockets_.any_carries()) return Status::websocket;
  for (const Answer& answer : answers_) {
    if (answer.phase == Phase::streaming) return Status::http;
  }
  if (offline_) return Status::offline;
  return http_works_ && sockets_.doubted() ? Status::http : Status::connecting;
}

void Transport::Core::tell_status() {
  const Status present = present_status();
  if (present == told_) return;
  told_ = present;
  actions_.push_back(StatusChanged{present});
}

// -- looking up

bool Transport::Core::busy() const {
  return std::any_of(answers_.begin(), answers_.end(),
                     [](const Answer& answer) { return !answer.ended(); });
}

bool Transport::Core::wants_socket(SocketId gone) const {
  return std::any_of(answers_.begin(), answers_.end(), [gone](const Answer& answer) {
    return !answer.ended() && (answer.phase != Phase::on_socket || answer.socket == gone);
  });
}

Answer* Transport::Core::find(Ref ref) {
  for (Answer& answer : answers_) {
    if (answer.ref == ref && !answer.ended()) return &answer;
  }
  return nullptr;
}

Answer* Transport::Core::find_exchange(ExchangeId exchange) {
  for (Answer& answer : answers_) {
    if (answer.exchange && answer.exchange->id == exchange) return &answer;
  }
  return nullptr;
}

}  // namespace weir::transport
