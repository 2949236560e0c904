// load_clients: very many clients in one process. Without an edge they read straight from the
// provider; with one they hold its WebSockets open, read answers over some, lose all of those at
// once and resume them. Prints one JSON object of figures. run.mjs beside it calls it.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <vector>

#include "direct_client.hpp"
#include "socket_client.hpp"
#include "stream/fields.hpp"
#include "stream/process.hpp"

namespace {

using namespace weir::bench;

struct Settings {
  std::uint16_t port = 0;
  pid_t edge = 0;  ///< 0: there is none
  std::size_t idle = 0;
  std::size_t streams = 1;
  std::uint64_t deltas = 1;
  double starts = 1000;  ///< connections a second
  double seconds = 1;
  bool storm = false;
};

class Load {
 public:
  explicit Load(const Settings& settings) : settings_(settings) {}

  std::string run() {
    if (settings_.edge == 0) {
      begin_direct();
    } else {
      open_sockets();
      begin_answers();
    }
    measure();
    if (settings_.storm) storm();
    end();
    fields_.number("failures", static_cast<double>(crowd_.failures));
    fields_.text("trouble", crowd_.first_failure);
    return fields_.object();
  }

 private:
  static constexpr Nanoseconds patience = 60 * second;

  template <class Condition>
  void turn_until(Condition condition, const char* what) {
    const Nanoseconds end = now() + patience;
    while (!condition() && crowd_.failures == 0) {
      poller_.wait(end);
      if (now() >= end) crowd_.fail(what);
    }
  }

  void turn_for(double seconds) {
    const Nanoseconds end = now() + static_cast<Nanoseconds>(seconds * second);
    while (now() < end) poller_.wait(end);
  }

  /// Calls `start` with the numbers up to `count`, so many a second.
  template <class Start>
  void start_each(std::size_t count, Start start) {
    for (std::size_t number = 0; number < count && crowd_.failures == 0; ++number) {
      start(number);
      turn_for(1 / settings_.starts);
    }
  }

  void note_memory(const char* name) {
    if (settings_.edge == 0) return;
    fields_.number(name, static_cast<double>(resident_kb({settings_.edge})));
  }

  void begin_direct() {
    start_each(settings_.streams, [&](std::size_t number) {
      direct_.push_back(std::make_unique<DirectClient>(crowd_, number));
    });
    turn_until([&] { return crowd_.begun == settings_.streams; }, "not all answers began");
  }

  void open_sockets() {
    note_memory("empty_kb");
    start_each(settings_.idle, [&](std::size_t number) { open_socket(number, std::nullopt); });
    turn_until([&] { return crowd_.open == settings_.idle; }, "not all sockets opened");
    note_memory("idle_kb");
  }

  void begin_answers() {
    start_each(settings_.streams,
               [&](std::size_t number) { open_socket(settings_.idle + number, number); });
    turn_until([&] { return crowd_.begun == settings_.streams; }, "not all answers began");
  }

  void open_socket(std::size_t number, std::optional<std::uint64_t> answer) {
    sockets_.push_back(std::make_unique<SocketClient>(crowd_, number, answer));
  }

  void measure() {
    turn_for(1);
    const Nanoseconds cpu = settings_.edge ? cpu_time({settings_.edge}) : 0;
    const Nanoseconds since = now();
    crowd_.measuring = true;
    turn_for(settings_.seconds);
    crowd_.measuring = false;
    note_memory("streams_kb");
    const auto share = [&](Nanoseconds time) {
      return static_cast<double>(time) / static_cast<double>(now() - since);
    };
    if (settings_.edge) fields_.number("edge_cpu_share", share(cpu_time({settings_.edge}) - cpu));
    fields_.number("deltas", static_cast<double>(crowd_.ages.count()));
    fields_.percentiles("age", crowd_.ages);
  }

  void storm() {
    crowd_.cut_at = now();
    for (std::size_t i = settings_.idle; i < sockets_.size(); ++i) sockets_[i]->cut();
    turn_until([&] { return crowd_.resumed == settings_.streams; }, "not all answers were resumed");
    fields_.number("resumed", static_cast<double>(crowd_.resumed));
    fields_.percentiles("opened_after", crowd_.opened_after);
    fields_.percentiles("resumed_after", crowd_.resumed_after);
    note_memory("storm_kb");
  }

  /// All answers must come to their end, and nobody may have lost a socket until then.
  void end() {
    turn_until([&] { return crowd_.done == settings_.streams; }, "not all answers ended");
    fields_.number("done", static_cast<double>(crowd_.done));
    if (settings_.edge) fields_.number("open", static_cast<double>(crowd_.open));
    crowd_.leaving = true;
  }

  const Settings settings_;
  Poller poller_;
  Crowd crowd_{.poller = poller_,
               .port = settings_.port,
               .deltas = settings_.deltas,
               .first_failure = {},
               .ages = {},
               .resumed_after = {},
               .opened_after = {}};
  std::vector<std::unique_ptr<DirectClient>> direct_;
  std::vector<std::unique_ptr<SocketClient>> sockets_;
  Fields fields_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Very many clients of an edge, or of a provider.", "load_clients");
  Settings settings;
  app.add_option("--port", settings.port, "of the edge, or of the provider")->required();
  app.add_option("--edge", settings.edge, "its process; without it the port is the provider's");
  app.add_option("--idle", settings.idle, "WebSockets that are open and silent");
  app.add_option("--streams", settings.streams, "answers at a time");
  app.add_option("--deltas", settings.deltas, "of an answer, as the provider was told");
  app.add_option("--starts", settings.starts, "connections begun a second");
  app.add_option("--seconds", settings.seconds, "to measure for");
  app.add_flag("--storm", settings.storm, "cut all answers at once, and resume them");
  CLI11_PARSE(app, argc, argv);

  const std::size_t allowed = prepare_process();
  constexpr std::size_t beside = 32;  // descriptors
  if (settings.idle + settings.streams + beside > allowed) {
    std::fprintf(stderr, "load_clients: only %zu descriptors are allowed: raise `ulimit -Hn`\n",
                 allowed);
    return 1;
  }
  std::puts(Load(settings).run().c_str());
}
