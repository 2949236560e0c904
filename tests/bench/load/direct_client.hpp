#pragma once

#include <memory>

#include "answer_text.hpp"
#include "crowd.hpp"
#include "stream/socket.hpp"
#include "stream/sse_protocol.hpp"

namespace weir::bench {

/// Reads an answer straight from the provider: what the way takes without an edge.
class DirectClient final : public Handler, Sink {
 public:
  DirectClient(Crowd& crowd, std::uint64_t answer);

  void ready(std::uint32_t events) override;

 private:
  void opened() override {}
  void text(std::string_view added) override;
  void ended(Ending ending, std::string_view why) override;
  void fail(std::string_view why);

  Crowd& crowd_;
  AnswerText text_;
  OpenAiProtocol protocol_;
  Channel channel_;
  std::string in_;
  Nanoseconds read_at_ = 0;
  bool over_ = false;
};

}  // namespace weir::bench
