#include "weir/relay/completion_session.hpp"

#include <utility>
#include <variant>

#include "weir/relay/failures.hpp"
#include "weir/relay/openai_face.hpp"
#include "weir/sse/writer.hpp"
#include "weir/wire/completion_request.hpp"

namespace weir::relay {
namespace {

constexpr std::size_t chunk_bytes = 16 << 10;

}  // namespace

CompletionSession::CompletionSession(Relay& relay, const IdSource& ids, std::string_view body,
                                     const limits::Server& server, const limits::Request& request,
                                     std::int64_t unix_seconds, Instant now, Client client)
    : server_(server), last_sent_(now) {
  about_.unix_seconds = unix_seconds;
  auto read = wire::read_completion_request(body, request);
  if (!read) {
    fail({read.error(), "", false, {}});
    return;
  }
  streams_ = read->streams;
  includes_usage_ = read->includes_usage;
  choose_by_model(read->chat.provider, read->chat.model, relay.catalog());
  ask_ = std::make_unique<SingleAsk>(relay, ids, std::move(read->chat), now, std::move(client));
}

CompletionSession::~CompletionSession() = default;

/// Until the head is known, everything has to be looked at; then no more than is taken.
bool CompletionSession::reads_on() const {
  if (!ask_ || ended_) return false;
  return begun_ ? ready_.size() < chunk_bytes : !head_;
}

std::optional<HttpHead> CompletionSession::head(Instant now) {
  while (reads_on()) {
    const auto entry = ask_->next();
    if (!entry) break;
    take(*entry);
  }
  if (!head_ && streams_ && now - last_sent_ >= server_.keep_alive) head_ = stream_head();
  if (!head_) return std::nullopt;
  begun_ = true;
  last_sent_ = now;
  if (!head_->streams) finished_ = true;
  return std::exchange(head_, std::nullopt);
}

bool CompletionSession::append_chunk(std::string& out, Instant now) {
  if (finished_) return false;
  while (reads_on()) {
    const auto entry = ask_->next();
    if (!entry) break;
    take(*entry);
  }
  if (ready_.empty() && now - last_sent_ >= server_.keep_alive)
    sse::append_comment(ready_, "alive");
  finished_ = ended_;
  if (ready_.empty()) return false;
  out += std::exchange(ready_, {});
  last_sent_ = now;
  return true;
}

void CompletionSession::take(const stream::EntryView& entry) {
  if (const auto* text = std::get_if<stream::EntryView::Text>(&entry.event)) {
    if (!streams_) return whole_.add_text(text->text, text->reasoning);
    chunks().append_text(ready_, text->text, text->reasoning);
  } else if (std::holds_alternative<stream::Gap>(entry.event)) {
    fail(lost_on_the_way());
  } else {
    take(*std::get<const stream::Event*>(entry.event));
  }
}

void CompletionSession::take(const stream::Event& event) {
  if (const auto* accepted = std::get_if<stream::Accepted>(&event)) {
    begin(*accepted);
  } else if (const auto* notice = std::get_if<stream::Notice>(&event)) {
    // A chunk's head stays the same once one was sent.
    if (!notice->model.empty()) about_.model = notice->model;
  } else if (const auto* usage = std::get_if<stream::Usage>(&event)) {
    usage_ = *usage;
  } else if (const auto* call = std::get_if<stream::ToolCall>(&event)) {
    if (!streams_) return whole_.add_tool_call(*call);
    chunks().append_tool_call(ready_, *call);
  } else if (const auto* done = std::get_if<stream::Done>(&event)) {
    end(*done);
  } else if (const auto* failed = std::get_if<stream::Failed>(&event)) {
    fail(*failed);
  }
}

void CompletionSession::begin(const stream::Accepted& accepted) {
  about_.id = accepted.answer;
  about_.model = accepted.model;
  reused_ = accepted.reused;
}

void CompletionSession::end(const stream::Done& done) {
  ended_ = true;
  if (streams_) {
    if (!includes_usage_) usage_.reset();
    return chunks().append_end(ready_, done.finish_reason, usage_);
  }
  Head head;
  head.reused = reused_;
  head.content_type = "application/json";
  head.body = whole_.write(about_, done.finish_reason, usage_);
  head_ = std::move(head);
}

void CompletionSession::fail(const stream::Failed& failed) {
  ended_ = true;
  // A stream whose head is known goes on, and the error with it.
  if (begun_ || head_) return wire::append_completion_error(ready_, failed);
  head_ = failed_head(failed);
}

HttpHead CompletionSession::stream_head() {
  Head head;
  head.reused = reused_;
  head.content_type = "text/event-stream";
  head.streams = true;
  return head;
}

/// There is something to stream: the answer has begun.
wire::CompletionChunks& CompletionSession::chunks() {
  if (!begun_ && !head_) head_ = stream_head();
  if (!chunks_) chunks_.emplace(about_);
  return *chunks_;
}

std::optional<Instant> CompletionSession::deadline() const {
  if (finished_ || !streams_) return std::nullopt;
  return last_sent_ + server_.keep_alive;
}

void CompletionSession::close(Instant now) {
  if (ask_ && !ended_) {
    ask_->cancel(now);
  } else if (ask_) {
    ask_->leave(now);
  }
  finished_ = true;
}

}  // namespace weir::relay
