#pragma once

#include "http.hpp"
#include "protocol.hpp"

namespace weir::bench {

/// A response of server-sent events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html) over a kept HTTP/1.1
/// connection. What an event means is for the classes below.
class SseProtocol : public Protocol {
 public:
  void take(std::string& in, Sink& sink) final;
  std::uint64_t stream_bytes() const final { return stream_bytes_; }

 protected:
  /// One line with a field; the line's end is not part of it.
  virtual void line(std::string_view line, Sink& sink) = 0;

  bool done_ = false;
  std::string error_;

 private:
  void end(Sink& sink);

  ResponseDecoder response_;
  std::string body_;
  std::uint64_t stream_bytes_ = 0;
};

/// `POST /v1/chat/completions`, as OpenAI and everyone compatible streams it.
class OpenAiProtocol final : public SseProtocol {
 public:
  std::string question(std::uint64_t answer) override;

 private:
  void line(std::string_view line, Sink& sink) override;
};

/// Weir's `POST /v1/answers`.
class WeirSseProtocol final : public SseProtocol {
 public:
  std::string question(std::uint64_t answer) override;

 private:
  void line(std::string_view line, Sink& sink) override;

  std::string type_;
};

/// The text of a JSON member, without escapes: the texts of this benchmark have none. `before`:
/// what stands before the text, its quotation mark included.
std::string_view member_text(std::string_view json, std::string_view before);

}  // namespace weir::bench
