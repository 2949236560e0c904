#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "activity.hpp"
#include "follower.hpp"
#include "lazy_timer.hpp"
#include "net.hpp"
#include "output.hpp"
#include "request_reader.hpp"
#include "services.hpp"

namespace weir::edge {

/// One client's connection: reads requests, lets the gate judge them, and carries what each begins
/// (dispatch.hpp) to its end, one after another. All of it happens on the event loop, in the turn
/// in which something comes or the socket takes something.
class Connection : public Follower {
 public:
  Connection(Services& services, tcp::socket socket);

  void start();

  void wake(relay::ReaderId reader) override;
  void write() override;

 private:
  enum class State : std::uint8_t {
    idle,        ///< between requests
    reading,     ///< a request has begun
    busy,        ///< with an activity
    hanging_up,  ///< says nothing more, and waits until the client does so too
    closed,
  };

  // -- reading
  bool reads() const;
  void wait_for_bytes();
  void read();
  void take(std::string_view bytes);
  bool take_request(std::string_view& bytes);
  std::uint64_t client_of(const Request& request) const;
  void tell_to_continue();
  void take_end();

  // -- what goes on
  void begin(std::shared_ptr<Activity> activity);
  void hear(std::string_view bytes);
  void serve();
  void go_on();
  void end_activity();

  // -- time and the end
  void limit(Duration wait);
  std::optional<Instant> due() const;
  void keep_time();
  void check_time();
  void ask_to_close(bool at_once);
  void hang_up();
  void close();

  std::shared_ptr<Connection> self() {
    return std::static_pointer_cast<Connection>(shared_from_this());
  }

  Services& services_;
  tcp::socket socket_;
  Output output_;
  LazyTimer timer_;
  Registry::Place place_;
  Instant deadline_;    ///< of what is being waited for; the connection ends then
  std::string unread_;  ///< has come, and belongs to what comes later
  std::unique_ptr<RequestReader> request_;
  std::shared_ptr<Activity> activity_;
  std::string peer_;      ///< the other side's address; empty where it has gone already
  std::uint64_t client_;  ///< the peer itself; of a trusted proxy's, each request has its own
  State state_ = State::idle;
  bool waiting_ = false;  ///< for bytes
  bool holding_ = false;  ///< what is put together is sent a little later
  bool ended_ = false;    ///< the client sends nothing more
};

}  // namespace weir::edge
