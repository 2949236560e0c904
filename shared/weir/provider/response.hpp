#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/provider/provider.hpp"
#include "weir/provider/provider_errors.hpp"
#include "weir/sse/parser.hpp"

namespace weir::provider {

using Events = std::vector<stream::Event>;

/// What the codecs of all providers do alike: a refusal's body is collected and classified, the
/// answer has exactly one end with the usage before it, what follows is ignored.
class ResponseCodec : public StreamCodec {
 public:
  ResponseCodec(ErrorContext context, const limits::Provider& limits);

  void head(int status, const std::vector<Header>& headers, Events& out) final;
  void bytes(std::string_view bytes, Events& out) final;
  void end(bool clean, Events& out) final;

 protected:
  // What a provider's codec adds.

  /// What a status that is no success means.
  virtual stream::Failed refusal(int status, const std::vector<Header>& headers,
                                 std::string_view body) const = 0;
  /// Bytes of a response that began well.
  virtual void read(std::string_view bytes, Events& out) = 0;
  /// It ended in order: what still waits to be read is read now.
  virtual void read_rest(Events& out) = 0;

  // What it says with.

  void reasoning(std::string text, Events& out) const;
  void delta(std::string text, Events& out) const;
  void tool_call(stream::ToolCall call, Events& out) const;
  /// Told once, before the end: the last one given holds.
  void usage(stream::Usage usage) { usage_ = usage; }
  const std::optional<stream::Usage>& usage() const { return usage_; }
  /// Why the answer is at its end. More may come, its usage above all; without a reason an answer
  /// was cut.
  void finish_reason(std::string reason) { finish_reason_ = std::move(reason); }
  const std::string& finish_reason() const { return finish_reason_; }
  /// Nothing more will come; "stop" where no reason was given.
  void finish(Events& out);
  void fail(stream::Failed failed, Events& out);

  bool ended() const { return ended_; }
  /// The response is over: what is no whole message is what a cut left of one.
  bool at_end() const { return at_end_; }
  const ErrorContext& context() const { return context_; }
  const limits::Provider& limits() const { return limits_; }

 private:
  void push_usage(Events& out) const;

  const ErrorContext context_;
  const limits::Provider limits_;
  int status_ = 0;
  bool refused_ = false;
  std::vector<Header> headers_;  ///< of a refusal: they may say how long to wait
  std::string body_;             ///< of a refusal
  std::string finish_reason_;
  std::optional<stream::Usage> usage_;
  bool at_end_ = false;
  bool ended_ = false;
};

/// One whose response is a stream of server-sent events with JSON in them. Errors come in three
/// forms: as a refusal, as an event, and as a bare JSON object in place of the stream or behind its
/// last event (js-genai's src/_api_client.ts reads Google's there).
class EventStreamCodec : public ResponseCodec {
 public:
  EventStreamCodec(ErrorContext context, const limits::Provider& limits);

 protected:
  /// One event's JSON; always an object.
  virtual void take(std::string_view event, const json::Value& message, Events& out) = 0;
  /// The error in a bare JSON object.
  virtual stream::Failed error_in(const json::Value& object) const = 0;
  /// What the messages are, for people: "chat completion".
  virtual std::string_view messages_are() const = 0;

  void read(std::string_view bytes, Events& out) final;
  void read_rest(Events& out) final;

 private:
  std::size_t begin_of_object(std::string_view bytes);
  void take_events(Events& out);
  void take_event(const sse::MessageView& event, Events& out);
  void collect(std::string_view bytes, Events& out);
  void take_object(Events& out);

  sse::Parser parser_;
  bool at_line_start_ = true;
  bool in_object_ = false;
  std::string object_;
};

}  // namespace weir::provider
