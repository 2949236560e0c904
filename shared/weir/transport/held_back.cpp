#include "weir/transport/core.hpp"

/// Some proxies pass an HTTP response on, or all of it but its head, only when it has ended: a
/// stream then brings nothing for as long as the answer is being written. Once that shows, the
/// machine polls: it asks for responses that end by themselves soon (`wait` in wire/PROTOCOL.md).
namespace weir::transport {

bool Transport::Core::polls(const Answer& answer) const {
  return (held_back_ || answer.held_back) && !answer.cancelling();
}

/// What was learnt of a way counts for that way.
void Transport::Core::forget_held_back() {
  held_back_ = false;
  for (Answer& answer : answers_) answer.held_back = false;
}

// -- finding out

bool Transport::Core::inquires(const Answer& answer) const {
  return answer.phase == Phase::requesting && answer.exchange->inquire_at && !inquiry_;
}

/// Asks for something that ends at once, which tells a way that holds back from one without an
/// edge.
void Transport::Core::inquire(Instant now) {
  for (Answer& answer : answers_) {
    if (answer.exchange) answer.exchange->inquire_at.reset();
  }
  ++figures_.exchanges_opened;
  inquiry_ = Inquiry{++last_exchange_, now + limits_.probe};
  actions_.push_back(inquiry(inquiry_->exchange));
}

void Transport::Core::end_inquiry() {
  actions_.push_back(AbortHttp{inquiry_->exchange});
  inquiry_.reset();
}

/// An edge says that there is no such answer. What was asked of it before, without a word, may have
/// been taken.
void Transport::Core::take_inquiry(int status, Instant now) {
  end_inquiry();
  if (status != 404) return;
  held_back_ = http_works_ = true;
  offline_ = false;
  for (Answer& answer : answers_) {
    if (answer.phase != Phase::requesting) continue;
    answer.reached = answer.round.contact = true;
    if (!answer.exchange->polls) ask_again(answer, now);
  }
}

/// A network that is gone is silent in the same way. Polling where it need not be costs a moment,
/// streaming where nothing comes through costs the whole answer.
void Transport::Core::drop_silent(Answer& answer, Instant now) {
  if (answer.phase == Phase::streaming) answer.held_back = true;
  drop_exchange(answer, now);
}

// -- going on

void Transport::Core::ask_again(Answer& answer, Instant now) {
  abort_http(answer);
  answer.move(Move::again);
  answer.retry_now(now);
}

/// The response that has ended was to end, and did what it was for: at the least the edge says that
/// it has waited. Half its wait is long enough: the edge has a clock of its own, and may be set up
/// to wait for less.
bool Transport::Core::served(const Answer& answer, Instant now) const {
  if (answer.phase != Phase::streaming || !answer.exchange->polls) return false;
  const bool waited = now - answer.attempt_began >= limits_.http_wait / 2;
  return answer.progressed || (waited && answer.exchange->spoke);
}

/// Such an end is contact, like a stream that goes on.
void Transport::Core::go_on(Answer& answer, Instant now) {
  answer.exchange.reset();
  answer.lost_since.reset();
  ask_again(answer, now);
}

}  // namespace weir::transport
