#include <algorithm>

#include "weir/transport/core.hpp"

namespace weir::transport {

namespace {

void consider(std::optional<Instant>& earliest, std::optional<Instant> at) {
  if (at && (!earliest || *at < *earliest)) earliest = at;
}

}  // namespace

// -- the clock

/// To a host that slept past a deadline it is as if the deadline were now.
Instant Transport::Core::awake(Instant host_now) {
  const Instant now = host_now - slept_;
  const std::optional<Instant> due = awake_deadline();
  if (!due || now <= *due + limits_.asleep) return now;
  slept_ += now - *due;
  wake(*due);
  return *due;
}

/// What the host has said of the network is as old as its sleep, and nobody knows which connection
/// has outlived it.
void Transport::Core::wake(Instant now) {
  online_ = true;
  for (const SocketId id : sockets_.ids()) doubt(*sockets_.find(id), now);
  for (Answer& answer : answers_) {
    if (answer.phase != Phase::resting) {
      answer.attempt_began = now;
    } else if (!answer.told_to_wait) {
      answer.retry_now(now);
    }
  }
  route_rested(now);  // before anybody is given up
}

std::optional<Instant> Transport::Core::deadline() const {
  const std::optional<Instant> due = awake_deadline();
  return due ? std::optional(*due + slept_) : std::nullopt;
}

std::optional<Instant> Transport::Core::awake_deadline() const {
  std::optional<Instant> earliest = sockets_.deadline(wanted_ && online_);
  if (inquiry_) consider(earliest, inquiry_->due);
  for (const Answer& answer : answers_) consider(earliest, deadline(answer));
  return earliest;
}

std::optional<Instant> Transport::Core::deadline(const Answer& answer) const {
  std::optional<Instant> earliest = answer.cancel_by;
  if (waits_for_word(answer)) consider(earliest, answer.confirm_by);
  if (answer.exchange) consider(earliest, answer.exchange->due(limits_));
  if (inquires(answer)) consider(earliest, answer.exchange->inquire_at);
  if (answer.phase != Phase::resting) return earliest;
  if (may_try(answer)) consider(earliest, answer.retry_at);
  if (answer.lost_since) consider(earliest, *answer.lost_since + limits_.resume);
  return earliest;
}

Duration Transport::Core::upload(std::size_t bytes) const {
  return 1s * (bytes / limits_.upload_bytes_per_second);
}

// -- what is due

void Transport::Core::settle(Instant now) {
  wanted_ = wanted_ || busy();
  for (const SocketId id : sockets_.ids()) check_time(*sockets_.find(id), now);
  if (inquiry_ && now >= inquiry_->due) end_inquiry();
  for (Answer& answer : answers_) check_time(answer, now);
  route_rested(now);
  leave_drained(now);
  if (wanted_ && online_ && sockets_.due(now)) try_socket(now);
}

void Transport::Core::check_time(Socket& socket, Instant now) {
  if (now < socket.due(limits_)) return;
  if (socket.carries_answers() && !socket.probed()) return doubt(socket, now);
  drop_socket(socket.id(), now);
}

void Transport::Core::check_time(Answer& answer, Instant now) {
  if (answer.ended()) return;
  if (answer.cancel_by && now >= *answer.cancel_by) return end_cancelled(answer);
  if (waits_for_word(answer) && now >= *answer.confirm_by) unheard(answer, now);
  if (inquires(answer) && now >= *answer.exchange->inquire_at) inquire(now);
  if (answer.exchange && now >= answer.exchange->due(limits_)) drop_silent(answer, now);
  const bool resting = answer.phase == Phase::resting && answer.lost_since;
  if (resting && now >= *answer.lost_since + limits_.resume) give_up(answer);
}

// -- doubt

/// A socket that is being probed has to show that it lives before anything is made of its silence.
/// A Stop does not wait for that.
bool Transport::Core::waits_for_word(const Answer& answer) const {
  if (answer.phase != Phase::on_socket || !answer.confirm_by) return false;
  return answer.cancelling() || !sockets_.probed(answer.socket);
}

/// The edge has not shown that it got what was sent on this answer's socket.
void Transport::Core::unheard(Answer& answer, Instant now) {
  doubt(*sockets_.find(answer.socket), now);
  answer.confirm_by.reset();
  if (answer.cancelling()) open_http(answer, now);
}

/// Has the socket show that it lives. What was sent on it so far is confirmed by that too.
void Transport::Core::doubt(Socket& socket, Instant now) {
  if (!socket.carries_answers() || socket.probed()) return;
  socket.probe(now);
  actions_.push_back(SendText{socket.id(), probe_frame()});
  for (Answer& answer : answers_) {
    if (answer.socket == socket.id() && !answer.cancelling()) answer.confirm_by.reset();
  }
}

}  // namespace weir::transport
