#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/deployment.hpp"
#include "simulation/network.hpp"
#include "simulation/provider.hpp"
#include "simulation/world.hpp"
#include "weir/transport/transport.hpp"

namespace weir::simulation {

/// What one reader of one answer was given.
struct Reader {
  Question* question = nullptr;
  bool asked = false;  ///< otherwise it follows
  Instant began;
  bool has_key = false;
  stream::Cursor last = 0;
  std::size_t text_from = 0;  ///< a follower begins behind this much of the answer's text
  std::string text;
  std::string reasoning;
  std::vector<stream::ToolCall> tool_calls;
  std::optional<stream::Usage> usage;
  int accepted = 0;
  Duration lag{};  ///< how long at most a piece of text was under way from the provider
  bool gap = false;
  std::size_t events = 0;
  std::optional<stream::Event> end;
  bool unreachable = false;
  std::optional<Instant> cancelled_at;
  /// After each text: the cursor, and how much text there was. Where a follower may begin.
  std::vector<std::pair<stream::Cursor, std::size_t>> marks;

  bool over() const { return end || unreachable; }
};

/// The real transport in a simulated page. It checks what it is given as it is given it, and that
/// dead connections are found out in time.
class Page {
 public:
  Page(World& world, Deployment& deployment, int number, const Weather& weather);

  void connect();
  transport::Ref ask(Question& question);
  transport::Ref follow(Question& question, stream::Cursor after, std::size_t text_from,
                        bool with_key);
  void cancel(transport::Ref ref);
  void network_changed(bool online);
  void set_weather(const Weather& weather) { weather_ = weather; }
  /// What happens meanwhile is told when it wakes, all at once.
  void sleep(Duration length);
  /// Now, or when it wakes: nobody uses a page that sleeps.
  void when_awake(std::function<void()> what);

  const std::map<transport::Ref, Reader>& readers() const { return readers_; }
  bool settled() const;
  transport::Status status() const { return machine_.status(); }
  /// That the machine has opened and neither closed nor been told the end of.
  std::size_t connections_held() const { return sockets_.size() + exchanges_.size(); }

 private:
  using Input = transport::Input;
  struct HeldSocket {
    std::shared_ptr<Connection> link;
    bool opened = false;   ///< and the page was told
    bool drains = false;   ///< and the page was told
    Edge* edge = nullptr;  ///< null before it has opened, and behind a proxy that swallows
    Edge::WireId wire = 0;
  };

  void tell(Input input);
  void tell_now(Input input);
  void note_told(const transport::SocketOpened& input);
  void note_told(const transport::SocketText& input);
  void wake();
  void tick();
  bool asleep() const { return world_.now() < awake_at_; }

  void carry_out(transport::OpenSocket& action);
  void carry_out(transport::SendText& action);
  void carry_out(transport::CloseSocket& action);
  void carry_out(transport::OpenHttp& action);
  void carry_out(transport::AbortHttp& action);
  void carry_out(transport::Deliver& action);
  void carry_out(transport::Unreachable& action);
  void carry_out(transport::StatusChanged& action);
  void open_socket(transport::SocketId id);
  void socket_closed(transport::SocketId id, const std::shared_ptr<Connection>& link);
  void http_ended(transport::ExchangeId id, const std::shared_ptr<Connection>& link, bool clean);
  Edge::ToldSocket socket_events(transport::SocketId id, const std::shared_ptr<Connection>& link);
  Edge::ToldHttp http_events(transport::ExchangeId id, const std::shared_ptr<Connection>& link);
  bool holds(transport::SocketId id) const { return sockets_.count(id) > 0; }

  void record(Reader& reader, const stream::Entry& entry);
  void record(Reader& reader, const stream::Delta& delta);

  /// Fails unless `kept` holds after the page has been awake for that long.
  void expect_within(Duration limit, std::function<bool()> kept, const std::string& otherwise);
  void expect_socket_left(Duration limit, transport::SocketId id);
  void expect_silent_sockets_left();
  void expect_exchange_left(Duration limit, transport::ExchangeId id);
  void expect_heard(const transport::SendText& action, const Connection& link);
  void fail(transport::Ref ref, const std::string& what);
  std::string name() const { return "page " + std::to_string(number_); }
  std::string name(transport::Ref ref) const;

  World& world_;
  Deployment& deployment_;
  int number_;
  Weather weather_;
  transport::Transport machine_;
  std::map<transport::Ref, Reader> readers_;
  std::map<transport::SocketId, HeldSocket> sockets_;
  std::map<transport::ExchangeId, std::shared_ptr<Connection>> exchanges_;
  transport::Ref last_ref_ = 0;
  std::optional<Instant> ticks_at_;
  Instant awake_at_;  ///< when the last sleep ended, or will
  std::vector<Input> slept_through_;
};

}  // namespace weir::simulation
