#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/relay/http_head.hpp"
#include "weir/relay/single_ask.hpp"
#include "weir/relay/tagged_research.hpp"

namespace weir::relay {

/// One ask of a client that takes nothing but text, as deepwiki-open's pages do, over HTTP or over
/// a WebSocket of its own: the answer's deltas as they are, and where it fails, a last line that
/// says why and what to do. Reasoning and notices are not the answer's text, so they are left out.
/// A request with the tag of a research is one of its turns.
class TextSession {
 public:
  using Head = HttpHead;

  /// `body` is a ChatCompletionRequest, as for POST /v1/answers; `client` as in relay::Ask.
  TextSession(Relay& relay, const IdSource& ids, std::string_view body,
              const limits::Request& limits, Instant now, Client client = {});

  /// 0 where the request could not be read.
  ReaderId reader() const { return ask_ ? ask_->reader() : 0; }

  /// Over HTTP: text that streams. Only a request that cannot be read has a status of its own: of
  /// any other the client's page shows the status alone, and the reader would not learn the reason.
  std::optional<Head> head(Instant now);
  /// Appends the next of the text, valid UTF-8. False: there is none now.
  bool append_chunk(std::string& out, Instant now);
  /// Everything was appended.
  bool finished() const { return finished_; }
  /// Nothing can be sent to keep the connection alive: it would stand in the text.
  std::optional<Instant> deadline() const { return std::nullopt; }

  /// The connection is gone, or the exchange is over.
  void close(Instant now);

 private:
  void append(std::string& out, const stream::EntryView& entry);
  void append_first_line(std::string& out, const stream::Notice& notice);
  void append_text(std::string& out, std::string_view text);
  void append_last_line(std::string& out, const Error& error);

  std::unique_ptr<SingleAsk> ask_;
  std::optional<TaggedResearch> research_;
  std::optional<Error> unreadable_;  ///< until it is told
  bool said_something_ = false;
  bool finished_ = false;
};

}  // namespace weir::relay
