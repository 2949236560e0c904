#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net.hpp"
#include "weir/base/time.hpp"

namespace weir::edge {

/// What is on its way to one client, in order. flush() sends at once as much as the socket takes,
/// without a turn of the event loop; the rest follows when the socket takes more. Who pulls from a
/// log pulls only while nothing is left over, so a slow client costs one helping and its socket.
class Output {
 public:
  /// The socket must outlive this, and live as long as `owner` given to flush().
  explicit Output(tcp::socket& socket) : socket_(socket) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// To append to.
  std::string& bytes() { return bytes_; }
  /// `owner` is kept alive while the socket is waited for.
  void flush(const std::shared_ptr<void>& owner);

  /// Has `append` append what there is (false: nothing more) while the socket takes everything,
  /// and sends it but for the last of it: that is the caller's to flush.
  template <class Append>
  void pull(const std::shared_ptr<void>& owner, Append append) {
    for (bool more = true; more && !busy() && !broken();) {
      while (more && bytes_.size() < helping_bytes) more = append();
      if (more) flush(owner);
    }
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

  void wait(const std::shared_ptr<void>& owner);
  bool send();
  void fail();

  tcp::socket& socket_;
  std::string bytes_;
  std::size_t sent_ = 0;
  std::optional<Instant> stuck_since_;
  bool waiting_ = false;
  bool broken_ = false;
};

}  // namespace weir::edge
