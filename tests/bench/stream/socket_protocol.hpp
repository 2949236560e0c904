#pragma once

#include "protocol.hpp"

namespace weir::bench {

/// Weir's WebSocket (RFC 6455), subprotocol weir.v1: one answer at a time on a connection.
class WeirSocketProtocol final : public Protocol {
 public:
  std::string opening() const override;
  std::string question(std::uint64_t answer) override;
  void take(std::string& in, Sink& sink) override;
  std::uint64_t stream_bytes() const override { return stream_bytes_; }

 private:
  bool take_handshake(std::string& in, Sink& sink);
  void message(std::string_view text, Sink& sink);

  bool open_ = false;
  std::uint64_t stream_bytes_ = 0;
};

}  // namespace weir::bench
