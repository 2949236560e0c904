#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "weir/base/random.hpp"
#include "weir/transport/answer.hpp"
#include "weir/transport/sockets.hpp"
#include "weir/transport/transport.hpp"

namespace weir::transport {

/// The machine behind Transport. core.cpp holds the reader's side and the choice of a transport,
/// time.cpp what time does, network.cpp what comes from the network, held_back.cpp what is done
/// about ways that hold responses back.
class Transport::Core {
 public:
  explicit Core(Config config);

  void handle(Input& input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;
  Status status() const { return told_; }
  Figures figures() const { return figures_; }

 private:
  // the reader
  void on(Connect& input, Instant now);
  void on(Ask& input, Instant now);
  void on(Follow& input, Instant now);
  void on(Cancel& input, Instant now);
  void on(NetworkChanged& input, Instant now);
  void on(HttpAnswered& input, Instant now);
  void on(Tick&, Instant) {}
  // the network
  void on(SocketOpened& input, Instant now);
  void on(SocketText& input, Instant now);
  void on(SocketClosed& input, Instant now);
  void on(HttpHead& input, Instant now);
  void on(HttpBytes& input, Instant now);
  void on(HttpEnded& input, Instant now);

  // time
  Instant awake(Instant host_now);  ///< the time on a clock that stands still while the host sleeps
  void wake(Instant now);
  void settle(Instant now);
  void check_time(Socket& socket, Instant now);
  void check_time(Answer& answer, Instant now);
  std::optional<Instant> awake_deadline() const;
  std::optional<Instant> deadline(const Answer& answer) const;
  bool waits_for_word(const Answer& answer) const;
  bool may_try(const Answer& answer) const { return online_ || !answer.backing_off; }
  Duration upload(std::size_t bytes) const;  ///< how long a slow network may take for it

  // choosing a transport
  void route_rested(Instant now);
  void route(Answer& answer, Instant now);
  void try_socket(Instant now);
  void send_on_socket(Answer& answer, Socket& socket, Instant now);
  void open_http(Answer& answer, Instant now);
  void begin_attempt(Answer& answer, Instant now);
  void send_stop(Answer& answer, Instant now);
  void leave_drained(Instant now);

  // what goes wrong
  void doubt(Socket& socket, Instant now);
  void unheard(Answer& answer, Instant now);
  void drop_socket(SocketId id, Instant now);  ///< closes it and counts it as cut
  void socket_gone(SocketId id, Instant now);
  void drop_exchange(Answer& answer, Instant now);  ///< aborts it and counts it as cut
  void exchange_gone(Answer& answer, Instant now);
  void abort_http(Answer& answer);  ///< if there is one, and counts it as nothing
  void cut(Answer& answer, Instant heard, Instant now);
  void close_round(Answer& answer, Instant now);
  bool is_worth_a_round(const Answer& answer, Instant now) const;
  void begin_round(Answer& answer, Instant now);
  void refused(Answer& answer, stream::Failed failed, Instant now);
  void give_up(Answer& answer);

  // a way that holds back
  bool polls(const Answer& answer) const;
  bool inquires(const Answer& answer) const;
  void inquire(Instant now);
  void take_inquiry(int status, Instant now);
  void end_inquiry();
  void ask_again(Answer& answer, Instant now);
  void drop_silent(Answer& answer, Instant now);
  bool served(const Answer& answer, Instant now) const;
  void go_on(Answer& answer, Instant now);
  void forget_held_back();

  // what comes
  void receive(const wire::EventFrame& frame, Socket& socket, Instant now);
  void receive_about(Socket& socket, const stream::Event& event, Instant now);
  bool receive(Answer& answer, stream::Entry entry, Instant now);
  void read_stream(Answer& answer, std::string_view bytes, Instant now);
  void read_refusal(Answer& answer, Instant now);
  void end(Answer& answer, stream::Entry last);
  void end_cancelled(Answer& answer);
  void forget(Answer& answer);

  // status
  Status present_status() const;
  void tell_status();

  Answer* find(Ref ref);
  Answer* find_exchange(ExchangeId exchange);
  bool busy() const;
  /// Some answer would be better off with a socket than it is, now that `gone` is.
  bool wants_socket(SocketId gone) const;
  Duration wait(Answer& answer) {
    return answer.backoff.next(random_, limits_.backoff_first, limits_.backoff_most);
  }

  limits::Transport limits_;
  Random random_;
  Sockets sockets_;
  std::deque<Answer> answers_;  ///< in the order in which they were asked for
  std::deque<Action> actions_;
  Figures figures_;
  /// A request for an answer that never is: whether an edge can be reached over HTTP at all.
  struct Inquiry {
    ExchangeId exchange = 0;
    Instant due;
  };
  std::optional<Inquiry> inquiry_;
  ExchangeId last_exchange_ = 0;
  Duration slept_{};         ///< the host, in all
  bool wanted_ = false;      ///< the page means to talk to the edge
  bool online_ = true;       ///< as the host says
  bool http_works_ = false;  ///< the last exchange got a head
  bool held_back_ = false;   ///< something passes HTTP responses on only when they have ended
  bool offline_ = false;     ///< a whole round failed, and nothing has answered since
  Status told_ = Status::connecting;
};

}  // namespace weir::transport
