#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/relay/http_head.hpp"
#include "weir/relay/single_ask.hpp"
#include "weir/wire/completion.hpp"

namespace weir::relay {

/// One request of a client of OpenAI's chat completions, whole or streamed. Its clients tell errors
/// apart by the response's status, so the head waits until the answer has begun or failed; a stream
/// that is long in coming begins all the same, since proxies give up on silence.
///
/// Who closes the connection means to stop the answer: nobody else can know of it.
class CompletionSession {
 public:
  using Head = HttpHead;

  /// `client` as in relay::Ask; `unix_seconds`: the wall clock's time, for the client to read.
  CompletionSession(Relay& relay, const IdSource& ids, std::string_view body,
                    const limits::Server& server, const limits::Request& request,
                    std::int64_t unix_seconds, Instant now, Client client = {});
  ~CompletionSession();

  /// 0 where the request could not be read.
  ReaderId reader() const { return ask_ ? ask_->reader() : 0; }
  /// As soon as it is known: nothing, until a wake or the deadline.
  std::optional<Head> head(Instant now);
  /// Appends the next of a stream. False: there is nothing now.
  bool append_chunk(std::string& out, Instant now);
  bool finished() const { return finished_; }
  std::optional<Instant> deadline() const;
  /// The connection is gone, or the exchange is over.
  void close(Instant now);

 private:
  bool reads_on() const;
  void take(const stream::EntryView& entry);
  void take(const stream::Event& event);
  void begin(const stream::Accepted& accepted);
  void end(const stream::Done& done);
  void fail(const stream::Failed& failed);
  Head stream_head();
  wire::CompletionChunks& chunks();

  limits::Server server_;
  std::unique_ptr<SingleAsk> ask_;
  wire::CompletionHead about_;
  bool streams_ = false;
  bool includes_usage_ = false;
  std::optional<stream::Usage> usage_;
  stream::Reused reused_ = stream::Reused::no;
  std::optional<wire::CompletionChunks> chunks_;
  wire::WholeCompletion whole_;
  std::string ready_;         ///< of a stream, to be sent
  std::optional<Head> head_;  ///< until it is given
  bool begun_ = false;        ///< the head was given
  bool ended_ = false;        ///< the answer's last event has come
  bool finished_ = false;
  Instant last_sent_;
};

}  // namespace weir::relay
