#include "weir/transport/answer.hpp"

#include <algorithm>
#include <chrono>
#include <variant>

#include "weir/wire/frames.hpp"

namespace weir::transport {

void Answer::retry_now(Instant now) {
  retry_at = now;
  backing_off = told_to_wait = false;
}

bool Answer::take(const stream::Entry& entry) {
  if (entry.cursor != 0) {
    if (entry.cursor <= last) return false;
    last = entry.cursor;
  } else if (const auto* gap = std::get_if<stream::Gap>(&entry.event)) {
    if (gap->kept_from <= last) return false;
    last = gap->kept_from - 1;
  } else {
    return true;  // a word to this reader alone: passed on, but no progress
  }
  progressed = true;
  lost_since.reset();
  refusal.reset();
  round = {};
  backoff.reset();
  return true;
}

void Answer::note_cut(Instant now, Instant heard, Duration held) {
  // A connection that lasted was contact, even if the model had nothing to say on it.
  if (!lost_since || heard - attempt_began > held) lost_since = now;
}

namespace {

std::string wait_query(Duration wait) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait).count();
  return "wait=" + std::to_string(seconds);
}

}  // namespace

OpenHttp http_request(const Answer& answer, ExchangeId exchange, std::optional<Duration> wait) {
  OpenHttp open{exchange, "GET", "/v1/answers", {}, {}};
  if (answer.cancelling()) {
    open.method = "DELETE";
    open.headers = {{"Weir-Key", to_hex(*answer.key)}};
    return open;
  }
  open.headers = {{"Accept", "text/event-stream"}};
  if (answer.id) {
    open.path += "/" + to_hex(*answer.id) + "?after=" + std::to_string(answer.last);
    if (wait) open.path += "&" + wait_query(*wait);
    return open;
  }
  if (wait) open.path += "?" + wait_query(*wait);
  open.method = "POST";
  open.headers.emplace_back("Content-Type", "application/json");
  open.headers.emplace_back("Weir-Key", to_hex(*answer.key));
  open.body = answer.request;
  return open;
}

std::string opening_frame(const Answer& answer) {
  if (answer.id) {
    return wire::write_client_frame(wire::ResumeFrame{answer.ref, *answer.id, answer.last});
  }
  return wire::write_client_frame(wire::AskFrame{answer.ref, *answer.key, answer.request});
}

std::string probe_frame() {
  return wire::write_client_frame(wire::ResumeFrame{probe_ref, Id128{}, 0});
}

OpenHttp inquiry(ExchangeId exchange) {
  return {exchange, "GET", "/v1/answers/" + to_hex(Id128{}), {}, {}};
}

std::string cancel_frame(const Answer& answer) {
  return wire::write_client_frame(wire::CancelFrame{*answer.key, std::nullopt});
}

}  // namespace weir::transport
