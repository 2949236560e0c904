// load_provider: the fake provider of the load in a process of its own. Streams answers of a number
// of records (records.hpp) at a pace; whatever comes on its standard input is answered with one
// line of figures, a JSON object. Ends with its input.
#include <sys/epoll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "records.hpp"
#include "stream/fields.hpp"
#include "stream/process.hpp"
#include "stream/provider.hpp"

namespace {

using namespace weir::bench;

/// Whoever asks how it goes.
class Questions : public Handler {
 public:
  explicit Questions(Provider& provider) : provider_(provider) {}

  bool ended() const { return ended_; }

  void ready(std::uint32_t events) override {
    if ((events & (EPOLLIN | EPOLLHUP)) == 0) return;  // reading would wait
    std::array<char, 256> bytes;
    const ssize_t size = read(STDIN_FILENO, bytes.data(), bytes.size());
    ended_ = size <= 0;
    if (ended_) return;
    Fields fields;
    fields.number("requests", static_cast<double>(provider_.requests()));
    fields.number("connections", static_cast<double>(provider_.connections()));
    fields.percentiles("late", provider_.take_lateness());
    std::puts(fields.object().c_str());
    std::fflush(stdout);
  }

 private:
  Provider& provider_;
  bool ended_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A provider that streams many answers.", "load_provider");
  std::uint16_t port = 0;
  std::size_t streams = 1;
  double rate = 1;
  Plan plan;
  plan.delta_size = record_size;
  plan.write_text = write_record;
  app.add_option("--port", port, "where it listens")->required();
  app.add_option("--streams", streams, "answers at a time");
  app.add_option("--rate", rate, "deltas a second of each");
  app.add_option("--deltas", plan.deltas, "of an answer");
  CLI11_PARSE(app, argc, argv);

  prepare_process();
  plan.interval = static_cast<Nanoseconds>(second / rate);
  Poller poller;
  Streams all(streams);
  Provider provider(poller, all, plan, port);
  Questions questions(provider);
  poller.add(STDIN_FILENO, questions);
  while (!questions.ended()) {
    poller.wait(provider.next_due());
    provider.run_due();
  }
}
