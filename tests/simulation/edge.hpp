#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulation/network.hpp"
#include "simulation/provider.hpp"
#include "simulation/world.hpp"
#include "weir/relay/http_session.hpp"
#include "weir/relay/relay.hpp"
#include "weir/relay/socket_session.hpp"
#include "weir/transport/transport.hpp"

namespace weir::simulation {

/// One process: the real relay and its sessions, hosted as the edge server hosts them, over
/// simulated connections and in front of a scripted provider. What it knows ends with it.
class Edge {
 public:
  /// What the page is told of an exchange: its head, pieces of its body, its end.
  struct ToldHttp {
    std::function<void(int status, const std::string& answer)> head;
    std::function<void(std::string bytes)> bytes;
    std::function<void(bool clean)> ended;
  };
  struct ToldSocket {
    std::function<void(std::string text)> frame;
    std::function<void()> closed;
  };
  using WireId = std::uint64_t;

  Edge(World& world, std::vector<Question>& questions, const limits::Answer& limits,
       const Policy& policy, int number);

  WireId accept_socket(std::shared_ptr<Connection> link, ToldSocket told);
  void receive_frame(WireId wire, const std::string& text);
  void accept_http(std::shared_ptr<Connection> link, const transport::OpenHttp& request,
                   ToldHttp told);

  /// Tells every socket, lets answers end, and stops; at the latest after limits::Server::drain.
  void drain();
  /// Loses every connection and every answer.
  void stop();
  bool stopped() const { return relay_ == nullptr; }

  relay::Figures figures() const;
  /// A provider is at work on this question.
  bool is_running(int question) const;

 private:
  struct Wire {
    std::shared_ptr<Connection> link;
    std::unique_ptr<relay::SocketSession> socket;
    std::unique_ptr<relay::HttpSession> http;
    ToldSocket told_socket;
    ToldHttp told_http;
    std::size_t window = 1;  ///< bytes it lets be under way
    std::size_t under_way = 0;
    bool head_sent = false;
    /// What a proxy that has taken it keeps until the response has ended.
    std::vector<std::function<void()>> held_back;
    bool told_draining = false;
    std::optional<Instant> wakes_at;
  };

  WireId add_wire(Wire wire);
  void close_wire(WireId id);
  void pump(WireId id);
  void pump_socket(WireId id, Wire& wire);
  void pump_http(WireId id, Wire& wire);
  std::optional<std::string> next_frame(Wire& wire);
  void send_frame(WireId id, Wire& wire, std::string frame);
  void send_head(WireId id, Wire& wire, const relay::HttpSession::Head& head);
  void pass_on(Wire& wire, bool held, std::function<void()> what);
  void send_body(WireId id, Wire& wire, std::string bytes);
  void end_socket(WireId id, Wire& wire);
  void end_http(WireId id, Wire& wire);
  void arrived(WireId id, std::size_t bytes);
  void wake_at_deadline(WireId id, Wire& wire);
  void stop_if_drained();

  void settle();
  void carry_out(const relay::Retrieve& action);
  void carry_out(const relay::OpenProvider& action);
  void carry_out(const relay::CloseProvider& action);
  void carry_out(const relay::ReleaseProvider& action);
  void carry_out(const relay::PauseProvider& action);
  void carry_out(const relay::WakeReader& action);
  void check_calls();
  void stumble(relay::RunId run, Stumble how);
  void play(relay::RunId run, const Script& script, std::size_t piece);
  void play_later(relay::RunId run, const Script& script, std::size_t piece);
  void note_sent(relay::RunId run, std::size_t text);
  void tell(relay::Input input);
  void tick();
  void note_cancel(const Id128& key);
  bool plays(relay::RunId run) const { return playing_.count(run) > 0; }

  World& world_;
  std::vector<Question>& questions_;
  Policy policy_;
  std::string name_;
  std::unique_ptr<relay::Relay> relay_;
  std::map<WireId, Wire> wires_;
  std::map<relay::RunId, int> playing_;  ///< provider calls whose connections are open: what for
  std::set<relay::RunId> paused_;        ///< those of them that are not read for now
  struct Calls {
    std::size_t made = 0;
    bool shown = false;  ///< one of them brought text
  };
  std::map<int, Calls> calls_;        ///< for each question
  std::map<int, Instant> cancelled_;  ///< when Stop for a question came first
  WireId last_wire_ = 0;
  bool draining_ = false;
  std::optional<Instant> ticks_at_;
};

}  // namespace weir::simulation
