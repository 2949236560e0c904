#include "weir/relay/socket_session.hpp"

#include <algorithm>
#include <utility>

#include "weir/prompt/request.hpp"

namespace weir::relay {
namespace {

/// Beside the request, a frame holds a type, a ref and a key.
constexpr std::size_t frame_overhead_bytes = 1024;
/// What one answer gives before it is the next one's turn.
constexpr std::size_t helping_bytes = 16 << 10;
/// A client that is told of so many errors without reading them hears of no further ones; the host
/// cuts it.
constexpr std::size_t own_frames_most = 1024;

}  // namespace

SocketSession::SocketSession(Relay& relay, IdSource ids, limits::Server server,
                             limits::Request request, Instant now)
    : relay_(relay), ids_(std::move(ids)), server_(server), request_(request), last_sent_(now) {}

SocketSession::~SocketSession() = default;

void SocketSession::receive(std::string_view frame, Instant now) {
  const std::size_t most = request_.body_bytes + frame_overhead_bytes;
  if (frame.size() > most) {
    return refuse(0, {ErrorCode::request_too_large,
                      "The frame is larger than " + std::to_string(most) + " bytes.",
                      "Send fewer or shorter passages."});
  }
  const auto read = wire::read_client_frame(frame);
  if (!read) return refuse(0, read.error());
  std::visit([&](const auto& each) { take(each, now); }, *read);
}

void SocketSession::take(const wire::AskFrame& frame, Instant now) {
  if (!take_ref(frame.ref)) return;
  auto request = prompt::parse_request(frame.request, request_);
  if (!request) return refuse(frame.ref, request.error());
  const ReaderId reader = open_reader(frame.ref);
  relay_.handle(Ask{reader, frame.key, ids_(), *std::move(request)}, now);
}

void SocketSession::take(const wire::ResumeFrame& frame, Instant now) {
  if (!take_ref(frame.ref)) return;
  relay_.handle(Attach{open_reader(frame.ref), frame.answer, frame.after}, now);
}

/// Who follows the answer learns of its end there. Only what went wrong needs words of its own.
void SocketSession::take(const wire::CancelFrame& frame, Instant now) {
  const ReaderId reader = relay_.open_reader();
  relay_.handle(Cancel{reader, frame.key, frame.answer}, now);
  for (const stream::Entry& entry : relay_.read(reader, helping_bytes)) {
    const auto* failed = std::get_if<stream::Failed>(&entry.event);
    const bool refused = failed && entry.cursor == 0 && failed->error.code != ErrorCode::cancelled;
    if (refused) say({0, entry});
  }
  relay_.handle(Detach{reader}, now);
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

std::optional<std::string> SocketSession::next_frame(Instant now) {
  if (const auto event = next_event(now)) {
    last_sent_ = now;
    return wire::write_server_frame(*event);
  }
  if (now - last_sent_ < server_.keep_alive) return std::nullopt;
  last_sent_ = now;
  return wire::write_server_frame(wire::AliveFrame{});
}

std::optional<wire::EventFrame> SocketSession::next_event(Instant now) {
  if (own_.empty() && pulled_.empty()) pull();
  auto& from = own_.empty() ? pulled_ : own_;
  if (from.empty()) return std::nullopt;
  wire::EventFrame frame = std::move(from.front());
  from.pop_front();
  if (&from == &pulled_ && stream::ends_answer(frame.entry.event)) leave(frame.ref, now);
  return frame;
}

/// One helping of the next answer, after the one served last, that has something.
void SocketSession::pull() {
  auto at = answers_.upper_bound(turn_);
  for (std::size_t i = 0; i < answers_.size(); ++i, ++at) {
    if (at == answers_.end()) at = answers_.begin();
    auto& [ref, answer] = *at;
    if (!answer.ready) continue;
    std::vector<stream::Entry> entries = relay_.read(answer.reader, helping_bytes);
    answer.ready = !entries.empty();
    if (entries.empty()) continue;
    for (stream::Entry& entry : entries) pulled_.push_back({ref, std::move(entry)});
    turn_ = ref;
    return;
  }
}

void SocketSession::leave(wire::Ref ref, Instant now) {
  const auto found = answers_.find(ref);
  relay_.handle(Detach{found->second.reader}, now);
  answers_.erase(found);
}

std::optional<Instant> SocketSession::deadline() const {
  return last_sent_ + server_.keep_alive;
}

void SocketSession::close(Instant now) {
  pulled_.clear();
  own_.clear();
  while (!answers_.empty()) leave(answers_.begin()->first, now);
}

std::vector<ReaderId> SocketSession::readers() const {
  std::vector<ReaderId> readers;
  for (const auto& [ref, answer] : answers_) readers.push_back(answer.reader);
  return readers;
}

}  // namespace weir::relay
