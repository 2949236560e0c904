#include "weir/relay/http_session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "weir/prompt/request.hpp"
#include "weir/sse/writer.hpp"
#include "weir/wire/frames.hpp"

namespace weir::relay {
namespace {

constexpr std::size_t chunk_bytes = 16 << 10;

stream::Failed wrong(std::string message, std::string hint = {}) {
  return {{ErrorCode::invalid_request, std::move(message), std::move(hint)}, "", false, {}};
}

stream::Failed wrong_key() {
  return wrong("The header Weir-Key must be 32 hexadecimal digits.",
               "Send 128 random bits, fresh for every question.");
}

stream::Failed wrong_answer() {
  return wrong("An answer's id in the path must be 32 hexadecimal digits.");
}

/// The beginning where it is empty; nothing where it is no cursor.
std::optional<stream::Cursor> read_after(std::string_view text) {
  constexpr std::size_t digits_most = 16;  // all cursors that JSON carries exactly
  if (text.size() > digits_most) return std::nullopt;
  stream::Cursor cursor = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    cursor = cursor * 10 + static_cast<stream::Cursor>(c - '0');
  }
  return cursor;
}

}  // namespace

HttpSession::HttpSession(Relay& relay, const limits::Server& server, Instant now)
    : relay_(relay), server_(server), last_sent_(now) {}

HttpSession::~HttpSession() = default;

std::unique_ptr<HttpSession> HttpSession::ask(Relay& relay, const IdSource& ids,
                                              std::string_view key, std::string_view body,
                                              const limits::Server& server,
                                              const limits::Request& request, Instant now,
                                              Client client) {
  std::unique_ptr<HttpSession> session(new HttpSession(relay, server, now));
  const auto id = id128_from_hex(key);
  if (!id) {
    session->refuse(wrong_key());
    return session;
  }
  auto parsed = prompt::parse_request(body, request);
  if (!parsed) {
    session->refuse({parsed.error(), "", false, {}});
    return session;
  }
  relay.handle(Ask{session->open_reader(), *id, ids(), *std::move(parsed), std::move(client)}, now);
  session->settle_attachment();
  return session;
}

std::unique_ptr<HttpSession> HttpSession::follow(Relay& relay, std::string_view answer,
                                                 std::string_view after,
                                                 const limits::Server& server, Instant now) {
  std::unique_ptr<HttpSession> session(new HttpSession(relay, server, now));
  const auto id = id128_from_hex(answer);
  const auto cursor = read_after(after);
  if (!id) {
    session->refuse(wrong_answer());
  } else if (!cursor) {
    session->refuse(wrong("Last-Event-ID or `after` must be a cursor.",
                          "Send the id of the last event you have received, or 0."));
  } else {
    relay.handle(Attach{session->open_reader(), *id, *cursor}, now);
    session->settle_attachment();
  }
  return session;
}

std::unique_ptr<HttpSession> HttpSession::cancel(Relay& relay, std::string_view answer,
                                                 std::string_view key, const limits::Server& server,
                                                 Instant now) {
  std::unique_ptr<HttpSession> session(new HttpSession(relay, server, now));
  const auto key_id = id128_from_hex(key);
  const auto answer_id = id128_from_hex(answer);
  if (!key_id) {
    session->refuse(wrong_key());
  } else if (!answer.empty() && !answer_id) {
    session->refuse(wrong_answer());
  } else {
    relay.handle(Cancel{session->open_reader(), *key_id, answer_id}, now);
    session->settle_cancel();
  }
  return session;
}

void HttpSession::poll(Duration wait, Instant now) {
  ends_at_ = now + std::min(wait, server_.poll_most);
}

ReaderId HttpSession::open_reader() {
  reader_ = relay_.open_reader();
  return reader_;
}

void HttpSession::refuse(const stream::Failed& failed) {
  Head head;
  head.status = wire::http_status(failed.error.code);
  head.content_type = "application/json";
  head.body = wire::write_error_body(failed);
  if (failed.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*failed.retry_after).count();
    head.retry_after_seconds = static_cast<std::uint32_t>(seconds);
  }
  head_ = std::move(head);
  finished_ = true;
}

/// The relay attaches a reader at once, or tells it at once why not.
void HttpSession::settle_attachment() {
  if (const auto answer = relay_.answer_of(reader_)) {
    Head head;
    head.content_type = "text/event-stream";
    head.answer = *answer;
    head.streams = true;
    head_ = std::move(head);
    return;
  }
  for (const stream::Entry& entry : relay_.read(reader_, chunk_bytes)) {
    if (const auto* failed = std::get_if<stream::Failed>(&entry.event)) return refuse(*failed);
  }
}

/// Whatever ended the answer, it has ended: that is what was asked for.
void HttpSession::settle_cancel() {
  for (const stream::Entry& entry : relay_.read(reader_, chunk_bytes)) {
    const auto* failed = std::get_if<stream::Failed>(&entry.event);
    const bool refused = failed && entry.cursor == 0 && failed->error.code != ErrorCode::cancelled;
    if (refused) return refuse(*failed);
  }
  Head head;
  head.status = 204;
  head_ = std::move(head);
  finished_ = true;
}

std::optional<HttpSession::Head> HttpSession::head(Instant now) {
  last_sent_ = now;
  return head_;
}

bool HttpSession::append_chunk(std::string& out, Instant now) {
  if (finished_) return false;
  const std::size_t before = out.size();
  while (!finished_ && out.size() - before < chunk_bytes) {
    const auto entry = relay_.next(reader_);
    if (!entry) break;
    wire::append_sse(out, *entry);
    finished_ = stream::ends_answer(*entry);
  }
  if (ends_at_ && out.size() > before) ends_at_ = std::min(*ends_at_, now + server_.poll_gather);
  const bool over = ends_at_ && *ends_at_ <= now;
  const bool due = over || now - last_sent_ >= server_.keep_alive;
  if (out.size() == before && due) sse::append_comment(out, "alive");
  finished_ = finished_ || over;
  if (out.size() == before) return false;
  last_sent_ = now;
  return true;
}

std::optional<std::string> HttpSession::next_chunk(Instant now) {
  std::string chunk;
  if (!append_chunk(chunk, now)) return std::nullopt;
  return chunk;
}

std::optional<Instant> HttpSession::deadline() const {
  if (finished_) return std::nullopt;
  const Instant alive = last_sent_ + server_.keep_alive;
  return ends_at_ ? std::min(*ends_at_, alive) : alive;
}

void HttpSession::close(Instant now) {
  if (reader_ != 0) relay_.handle(Detach{reader_}, now);
  reader_ = 0;
  finished_ = true;
}

}  // namespace weir::relay
