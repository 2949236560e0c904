#include "weir/relay/text_session.hpp"

#include <utility>
#include <variant>

#include "weir/prompt/request.hpp"
#include "weir/relay/failures.hpp"
#include "weir/wire/frames.hpp"

namespace weir::relay {
namespace {

constexpr std::size_t chunk_bytes = 16 << 10;

/// A provider's words may come in several lines; the error is one.
void append_as_one_line(std::string& out, std::string_view text) {
  for (const char c : text) out += c == '\n' || c == '\r' ? ' ' : c;
}

}  // namespace

TextSession::TextSession(Relay& relay, const IdSource& ids, std::string_view body,
                         const limits::Request& limits, Instant now, Client client) {
  auto request = prompt::parse_request(body, limits);
  if (request) {
    research_ = TaggedResearch::read(*request);
    ask_ = std::make_unique<SingleAsk>(relay, ids, *std::move(request), now, std::move(client));
  } else {
    unreadable_ = request.error();
  }
}

std::optional<HttpHead> TextSession::head(Instant now) {
  Head head;
  head.content_type = "text/plain; charset=utf-8";
  if (unreadable_) {
    head.status = wire::http_status(unreadable_->code);
    append_chunk(head.body, now);
  } else {
    head.answer = ask_->answer();
    head.streams = true;
  }
  return head;
}

bool TextSession::append_chunk(std::string& out, Instant) {
  const std::size_t before = out.size();
  if (unreadable_) append_last_line(out, *std::exchange(unreadable_, std::nullopt));
  while (!finished_ && out.size() - before < chunk_bytes) {
    const auto entry = ask_->next();
    if (!entry) break;
    append(out, *entry);
  }
  return out.size() > before;
}

void TextSession::append(std::string& out, const stream::EntryView& entry) {
  if (const auto* text = std::get_if<stream::EntryView::Text>(&entry.event)) {
    if (text->reasoning) return;
    append_text(out, research_ ? research_->text(text->text) : std::string(text->text));
  } else if (std::holds_alternative<stream::Gap>(entry.event)) {
    append_last_line(out, lost_on_the_way().error);
  } else {
    const stream::Event& event = *std::get<const stream::Event*>(entry.event);
    if (research_) research_->take(event);
    if (const auto* failed = std::get_if<stream::Failed>(&event)) {
      append_last_line(out, failed->error);
    }
    const auto* notice = std::get_if<stream::Notice>(&event);
    if (notice && notice->kind == stream::Notice::Kind::no_passages)
      append_first_line(out, *notice);
    if (!std::holds_alternative<stream::Done>(event)) return;
    if (research_) append_text(out, research_->finish());
    finished_ = true;
  }
}

/// These clients know of nothing but text: that an answer rests on no file has to stand in it.
void TextSession::append_first_line(std::string& out, const stream::Notice& notice) {
  out += "> ";
  append_as_one_line(out, notice.message);
  out += "\n\n";
}

void TextSession::append_text(std::string& out, std::string_view text) {
  out += text;
  if (!text.empty()) said_something_ = true;
}

void TextSession::append_last_line(std::string& out, const Error& error) {
  if (research_) {
    append_text(out, research_->fail());
  } else if (said_something_) {
    out += "\n\n";
  }
  out += "Error: ";
  append_as_one_line(out, error.message);
  if (!error.hint.empty()) {
    out += ' ';
    append_as_one_line(out, error.hint);
  }
  out += '\n';
  finished_ = true;
}

void TextSession::close(Instant now) {
  if (ask_) ask_->leave(now);
  finished_ = true;
}

}  // namespace weir::relay
