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

/// The real relay and its sessions, hosted as the edge server hosts them, over simulated
/// connections and in front of a scripted provider.
class Edge {
 public:
  /// What the page is told of an exchange: its head, pieces of its body, its end.
  struct Told {
    std::function<void(int status, const std::string& answer)> head;
    std::function<void(std::string bytes)> bytes;
    std::function<void()> ended;
  };
  using Frame = std::function<void(std::string text)>;
  using WireId = std::uint64_t;

  Edge(World& world, std::vector<Question>& questions, const limits::Answer& limits);

  WireId accept_socket(std::shared_ptr<Connection> link, Frame to_page);
  void receive_frame(WireId wire, const std::string& text);
  void accept_http(std::shared_ptr<Connection> link, const transport::OpenHttp& request, Told told);

  /// Loses every connection and every answer.
  void restart();

  relay::Figures figures() const { return relay_->figures(); }

 private:
  struct Wire {
    std::shared_ptr<Connection> link;
    std::unique_ptr<relay::SocketSession> socket;
    std::unique_ptr<relay::HttpSession> http;
    Frame frame;
    Told told;
    std::size_t window = 1;  ///< bytes it lets be under way
    std::size_t under_way = 0;
    bool head_sent = false;
    std::optional<Instant> wakes_at;
  };

  WireId add_wire(Wire wire);
  void close_wire(WireId id);
  void pump(WireId id);
  void pump_socket(WireId id, Wire& wire);
  void pump_http(WireId id, Wire& wire);
  void send_frame(WireId id, Wire& wire, std::string frame);
  void send_head(WireId id, Wire& wire, const relay::HttpSession::Head& head);
  void send_body(WireId id, Wire& wire, std::string bytes);
  void end_http(WireId id, Wire& wire);
  void arrived(WireId id, std::size_t bytes);
  void wake_at_deadline(WireId id, Wire& wire);

  void settle();
  void carry_out(const relay::Retrieve& action);
  void carry_out(const relay::OpenProvider& action);
  void carry_out(const relay::CloseProvider& action);
  void carry_out(const relay::ReleaseProvider& action);
  void carry_out(const relay::PauseProvider& action);
  void carry_out(const relay::WakeReader& action);
  void play(relay::RunId run, const Script& script, std::size_t piece);
  void play_later(relay::RunId run, const Script& script, std::size_t piece);
  void tell(relay::Input input);
  void tick();

  World& world_;
  std::vector<Question>& questions_;
  relay::Config config_;
  std::unique_ptr<relay::Relay> relay_;
  std::map<WireId, Wire> wires_;
  std::set<relay::RunId> playing_;  ///< provider calls whose connections are open
  std::set<relay::RunId> paused_;   ///< those of them that are not read for now
  WireId last_wire_ = 0;
  int life_ = 0;
  std::optional<Instant> ticks_at_;
};

}  // namespace weir::simulation
