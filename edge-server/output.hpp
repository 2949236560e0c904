#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net.hpp"
#include "weir/base/time.hpp"

namespace weir::edge {

/// What is on its way to one client, in order. As much as the socket takes is sent at once, without
/// a turn of the event loop; the rest follows when the socket takes more. More is only put together
/// while nothing is left over, so a slow client costs one helping and its socket.
class Output {
 public:
  /// The socket must outlive this, and live as long as `owner` given to send().
  explicit Output(tcp::socket& socket) : socket_(socket) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Sends what `append(std::string&)` appends until it returns false or the socket takes no more.
  /// Where `hold()` then says so, the last of it waits for the next call. `append` sends nothing
  /// over any connection: all put their bytes together in one place. `owner` is kept alive while
  /// the socket is waited for.
  template <class Append, class Hold>
  void send(const std::shared_ptr<void>& owner, Append append, Hold hold) {
    if (busy() || broken()) return;
    std::string& piece = take_held();
    for (bool more = true; more && !busy() && !broken();) {
      while (more && piece.size() < helping_bytes) more = append(piece);
      if (more || !hold()) transmit(piece, owner);
    }
    hold_back(piece);
  }

  /// The socket has not taken everything.
  bool busy() const { return waiting_; }
  /// Since when it has taken nothing.
  std::optional<Instant> stuck_since() const { return stuck_since_; }
  bool broken() const { return broken_; }

  /// Everything was sent, after some of it had to wait.
  std::function<void()> on_drained;
  /// The socket takes nothing any more.
  std::function<void()> on_broken;

 private:
  /// About so much is put together for one write.
  static constexpr std::size_t helping_bytes = 64 << 10;

  std::string& take_held();
  void hold_back(std::string& piece);
  void transmit(std::string& piece, const std::shared_ptr<void>& owner);
  bool write(std::string_view& bytes);
  void wait(const std::shared_ptr<void>& owner);
  void fail();

  tcp::socket& socket_;
  std::string left_;      ///< held back, or not yet taken by the socket
  std::size_t sent_ = 0;  ///< of that
  std::optional<Instant> stuck_since_;
  bool waiting_ = false;
  bool broken_ = false;
};

}  // namespace weir::edge
