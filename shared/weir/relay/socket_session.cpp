#include "weir/relay/socket_session.hpp"

#include <algorithm>
#include <utility>

#include "weir/prompt/request.hpp"

namespace weir::relay {
namespace {

/// Beside the request, a frame holds a type, a ref and a key.
constexpr std::size_t frame_overhead_bytes = 1024;
/// A client that is told of so many errors without reading them hears of no further ones; the host
/// cuts it.
constexpr std::size_t own_frames_most = 1024;

}  // namespace

SocketSession::SocketSession(Relay& relay, IdSource ids, limits::Server server,
                             limits::Request request, Instant now, Admit admit)
    : relay_(relay),
      ids_(std::move(ids)),
      server_(server),
      request_(request),
      admit_(std::move(admit)),
      last_sent_(now) {}

SocketSession::~SocketSession() = default;

bool SocketSession::receive(std::string_view frame, Instant now) {
  const std::size_t most = request_.body_bytes + frame_overhead_bytes;
  if (frame.size() > most) {
    refuse(0, {ErrorCode::request_too_large,
               "The frame is larger than " + std::to_string(most) + " bytes.",
               "Send fewer or shorter passages."});
    return false;
  }
  const auto read = wire::read_client_frame(frame);
  if (read) return std::visit([&](const auto& each) { return take(each, now); }, *read);
  refuse(0, read.error());
  return false;
}

bool SocketSession::take(const wire::AccessFrame& frame, Instant) {
  credential_ = frame.token;
  wrong_.reset();
  if (!admit_ || credential_.empty()) return false;
  if (const auto client = admit_(credential_); !client) {
    credential_.clear();
    wrong_ = client.error();
    refuse(0, *wrong_);
  }
  return false;
}

bool SocketSession::take(const wire::AskFrame& frame, Instant now) {
  if (!take_ref(frame.ref)) return false;
  if (wrong_) {
    refuse(frame.ref, *wrong_);
    return false;
  }
  const Result<Client> client = admit_ ? admit_(credential_) : Client();
  if (!client) {
    refuse(frame.ref, client.error());
    return false;
  }
  auto request = prompt::parse_request(frame.request, request_);
  if (!request) {
    refuse(frame.ref, request.error());
    return false;
  }
  const ReaderId reader = open_reader(frame.ref);
  relay_.handle(Ask{reader, frame.key, ids_(), *std::move(request), *client}, now);
  return relay_.answer_of(reader).has_value();
}

bool SocketSession::take(const wire::ResumeFrame& frame, Instant now) {
  if (take_ref(frame.ref)) {
    relay_.handle(Attach{open_reader(frame.ref), frame.answer, frame.after}, now);
  }
  return false;
}

/// Who follows the answer learns of its end there. Only what went wrong needs words of its own.
bool SocketSession::take(const wire::CancelFrame& frame, Instant now) {
  const ReaderId reader = relay_.open_reader();
  relay_.handle(Cancel{reader, frame.key, frame.answer}, now);
  while (const auto entry = relay_.next(reader)) {
    const stream::Entry told = stream::to_entry(*entry);
    const auto* failed = std::get_if<stream::Failed>(&told.event);
    const bool refused = failed && told.cursor == 0 && failed->error.code != ErrorCode::cancelled;
    if (refused) say({0, told});
  }
  relay_.handle(Detach{reader}, now);
  return false;
}

bool SocketSession::take_ref(wire::Ref ref) {
  if (answers_.count(ref) > 0) {
    refuse(0, {ErrorCode::invalid_request, "The ref " + std::to_string(ref) + " is in use.",
               "Choose another ref for each answer of a connection."});
    return false;
  }
  if (answers_.size() >= server_.answers_per_socket) {
    refuse(ref, {ErrorCode::rate_limited,
                 "This connection carries " + std::to_string(answers_.size()) +
                     " answers already, as many as it may.",
                 "Wait until one of them has ended."});
    return false;
  }
  return true;
}

ReaderId SocketSession::open_reader(wire::Ref ref) {
  const ReaderId reader = relay_.open_reader();
  answers_.emplace(ref, Answer{reader, true});
  if (on_reader) on_reader(reader);
  return reader;
}

void SocketSession::refuse(wire::Ref ref, Error error) {
  const bool retryable = error.code == ErrorCode::rate_limited;
  say({ref, {0, stream::Failed{std::move(error), "", retryable, {}}}});
}

void SocketSession::say(wire::EventFrame frame) {
  if (own_.size() < own_frames_most) own_.push_back(std::move(frame));
}

bool SocketSession::wake(ReaderId reader) {
  for (auto& [ref, answer] : answers_) {
    if (answer.reader != reader) continue;
    answer.ready = true;
    return true;
  }
  return false;
}

bool SocketSession::append_frame(std::string& out, Instant now) {
  const bool due = now - last_sent_ >= server_.keep_alive;
  if (!append_own(out) && !append_event(out, now)) {
    if (!due) return false;
    out += wire::write_server_frame(wire::AliveFrame{});
  }
  last_sent_ = now;
  return true;
}

std::optional<std::string> SocketSession::next_frame(Instant now) {
  std::string frame;
  if (!append_frame(frame, now)) return std::nullopt;
  return frame;
}

bool SocketSession::append_own(std::string& out) {
  if (own_.empty()) return false;
  out += wire::write_server_frame(own_.front());
  own_.erase(own_.begin());
  return true;
}

/// From the next answer, after the one served last, that has something.
bool SocketSession::append_event(std::string& out, Instant now) {
  auto at = answers_.upper_bound(turn_);
  for (std::size_t i = answers_.size(); i > 0; --i, ++at) {
    if (at == answers_.end()) at = answers_.begin();
    auto& [ref, answer] = *at;
    if (!answer.ready) continue;
    const auto entry = relay_.next(answer.reader);
    answer.ready = entry.has_value();
    if (!entry) continue;
    wire::append_event_frame(out, ref, *entry);
    turn_ = ref;
    if (stream::ends_answer(*entry)) leave(at, now);
    return true;
  }
  return false;
}

void SocketSession::leave(std::map<wire::Ref, Answer>::iterator at, Instant now) {
  relay_.handle(Detach{at->second.reader}, now);
  answers_.erase(at);
}

std::optional<Instant> SocketSession::deadline() const {
  return last_sent_ + server_.keep_alive;
}

void SocketSession::close(Instant now) {
  own_.clear();
  while (!answers_.empty()) leave(answers_.begin(), now);
}

std::vector<ReaderId> SocketSession::readers() const {
  std::vector<ReaderId> readers;
  for (const auto& [ref, answer] : answers_) readers.push_back(answer.reader);
  return readers;
}

}  // namespace weir::relay
