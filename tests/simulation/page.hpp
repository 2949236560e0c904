#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/edge.hpp"
#include "simulation/network.hpp"
#include "simulation/provider.hpp"
#include "simulation/world.hpp"
#include "weir/transport/transport.hpp"

namespace weir::simulation {

/// What one reader of one answer was given.
struct Reader {
  Question* question = nullptr;
  bool asked = false;  ///< otherwise it follows
  stream::Cursor last = 0;
  std::size_t text_from = 0;  ///< a follower begins behind this much of the answer's text
  std::string text;
  std::string reasoning;
  std::vector<stream::ToolCall> tool_calls;
  std::optional<stream::Usage> usage;
  int accepted = 0;
  bool gap = false;
  std::size_t events = 0;
  std::optional<stream::Event> end;
  bool unreachable = false;
  std::optional<Instant> cancelled_at;
  /// After each text: the cursor, and how much text there was. Where a follower may begin.
  std::vector<std::pair<stream::Cursor, std::size_t>> marks;

  bool over() const { return end || unreachable; }
};

/// The real transport in a simulated page. It checks what it is given as it is given it.
class Page {
 public:
  Page(World& world, Edge& edge, int number, const Weather& weather);

  void connect();
  transport::Ref ask(Question& question);
  transport::Ref follow(Question& question, stream::Cursor after, std::size_t text_from,
                        bool with_key);
  void cancel(transport::Ref ref);
  void network_changed(bool online);
  void set_weather(const Weather& weather) { weather_ = weather; }

  const std::map<transport::Ref, Reader>& readers() const { return readers_; }
  bool settled() const;

 private:
  using Input = transport::Input;

  void tell(Input input);
  void tick();
  void carry_out(transport::OpenSocket& action);
  void carry_out(transport::SendText& action);
  void carry_out(transport::CloseSocket& action);
  void carry_out(transport::OpenHttp& action);
  void carry_out(transport::AbortHttp& action);
  void carry_out(transport::Deliver& action);
  void carry_out(transport::Unreachable& action);
  void carry_out(transport::StatusChanged& action);
  void open_socket(transport::SocketId id);

  void record(Reader& reader, const stream::Entry& entry);
  void fail(transport::Ref ref, const std::string& what);
  std::string name(transport::Ref ref) const;

  World& world_;
  Edge& edge_;
  int number_;
  Weather weather_;
  transport::Transport machine_;
  std::map<transport::Ref, Reader> readers_;
  std::map<transport::SocketId, std::pair<std::shared_ptr<Connection>, Edge::WireId>> sockets_;
  std::map<transport::ExchangeId, std::shared_ptr<Connection>> exchanges_;
  transport::Ref last_ref_ = 0;
  std::optional<Instant> ticks_at_;
};

}  // namespace weir::simulation
