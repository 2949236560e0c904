#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "answer_text.hpp"
#include "crowd.hpp"
#include "stream/socket.hpp"

namespace weir::bench {

/// One of the edge's WebSockets: open and silent, or with an answer, which it resumes after a cut
/// as a page does (PROTOCOL.md).
class SocketClient final : public Handler {
 public:
  /// Comes from an address by its number. `answer`: which it asks for; none: it is just there.
  SocketClient(Crowd& crowd, std::size_t number, std::optional<std::uint64_t> answer);

  void ready(std::uint32_t events) override;

  /// Ends the connection as a network does that goes away, and opens another one.
  void cut();

 private:
  void connect();
  void open();
  void read(std::uint32_t events);
  bool take_handshake();
  void take(std::string_view message);
  void take_text(std::string_view text);
  void fail(std::string_view why);

  Crowd& crowd_;
  std::size_t number_;
  std::optional<std::uint64_t> number_of_answer_;
  AnswerText text_;
  std::string key_;
  std::string answer_;  ///< its id, from `accepted` on
  std::string cursor_ = "0";
  std::unique_ptr<Channel> channel_;
  std::string in_;
  Nanoseconds read_at_ = 0;
  bool is_open_ = false;
  bool resuming_ = false;
  bool over_ = false;
};

}  // namespace weir::bench
