#include "simulation/scenario.hpp"

#include <deque>
#include <memory>
#include <utility>

#include "simulation/checks.hpp"
#include "simulation/edge.hpp"
#include "simulation/page.hpp"

namespace weir::simulation {

namespace {

/// All storms are over by then (but for an outage), and everything has been asked.
constexpr Duration storms_most = 90s;
/// An answer may take its 20 minutes, and a cut one is asked for during 10 more.
constexpr Duration settling_most = 45min;

class Scenario {
 public:
  Scenario(std::uint64_t seed, bool tracing) : world_(seed, tracing) {
    Random& random = world_.random;
    const std::size_t questions = 1 + world_.below(4);
    for (std::size_t i = 1; i <= questions; ++i) {
      questions_.push_back(draw_question(world_, static_cast<int>(i)));
    }
    limits::Answer limits;
    if (random.one_in(6)) limits.log_bytes = 300 + world_.below(3000);
    edge_ = std::make_unique<Edge>(world_, questions_, limits);
    retention_ = limits.retention;
    calm_ = random.one_in(5);
    outage_ = !calm_ && random.one_in(8);
    const std::size_t pages = 1 + world_.below(3);
    for (std::size_t i = 1; i <= pages; ++i) {
      const Weather weather = calm_ ? Weather{} : Weather::draw(random);
      pages_.emplace_back(world_, *edge_, static_cast<int>(i), weather);
    }
  }

  std::vector<std::string> run() {
    plan();
    run_until([this] { return settled(); }, storms_most + settling_most);
    if (!settled()) world_.fail("not every reader came to an end");
    for (Page& page : pages_) {
      for (const auto& [ref, reader] : page.readers()) check_reader(world_, reader, calm_);
    }
    if (!world_.failures().empty()) return world_.failures();
    // The edge notices the last cut connections, lets answers linger, and forgets them.
    run_until([] { return false; }, retention_ + 30min);
    check_edge_is_empty(world_, edge_->figures());
    return world_.failures();
  }

 private:
  void plan() {
    for (Page& page : pages_) {
      if (world_.random.one_in(2)) page.connect();
      plan_network(page);
    }
    for (Question& question : questions_) {
      world_.after(world_.delay(30s), [this, &question] { ask(question); });
    }
    if (!calm_ && world_.random.one_in(10)) {
      world_.after(world_.delay(storms_most), [this] { edge_->restart(); });
    }
  }

  void plan_network(Page& page) {
    world_.after(storms_most, [this, &page] {
      if (outage_) return;
      page.set_weather({});
      page.network_changed(true);
    });
    if (outage_) {
      world_.after(world_.delay(storms_most), [&page] { page.set_weather(Weather::outage()); });
    }
    if (calm_ || !world_.random.one_in(5)) return;
    const Duration away = world_.delay(storms_most / 2);
    world_.after(away, [&page] { page.network_changed(false); });
    world_.after(away + world_.delay(storms_most / 2), [&page] { page.network_changed(true); });
  }

  Page& any_page() { return pages_[world_.below(pages_.size())]; }

  void ask(Question& question) {
    Page& page = any_page();
    const transport::Ref ref = page.ask(question);
    if (world_.random.one_in(5)) cancel_later(page, ref);
    // The same ask from a second tab, with the same key.
    if (world_.random.one_in(6)) {
      world_.after(world_.delay(20s), [this, &question] { any_page().ask(question); });
    }
    for (std::size_t followers = world_.below(3); followers > 0; --followers) {
      world_.after(world_.delay(40s),
                   [this, &question, &page, ref] { follow(question, page.readers().at(ref)); });
    }
  }

  void follow(Question& question, const Reader& example) {
    if (!question.answer) return;
    std::pair<stream::Cursor, std::size_t> from{0, 0};
    // From the end there is nothing to follow.
    const std::size_t marks = example.marks.size() - (example.end && !example.marks.empty());
    if (world_.random.one_in(2) && marks > 0 && !example.gap) {
      from = example.marks[world_.below(marks)];
    }
    Page& page = any_page();
    const bool with_key = world_.random.one_in(2);
    const transport::Ref ref = page.follow(question, from.first, from.second, with_key);
    if (world_.random.one_in(8)) cancel_later(page, ref);
  }

  void cancel_later(Page& page, transport::Ref ref) {
    world_.after(world_.delay(30s), [&page, ref] { page.cancel(ref); });
  }

  bool settled() const {
    if (world_.now() < Instant(storms_most)) return false;
    for (const Page& page : pages_) {
      if (!page.settled()) return false;
    }
    return true;
  }

  template <class Done>
  void run_until(Done done, Duration most) {
    const Instant until = world_.now() + most;
    std::size_t steps = 0;
    constexpr std::size_t steps_most = 1'000'000;
    while (!done() && world_.failures().empty()) {
      if (!world_.step(until)) return;
      if (++steps > steps_most) return world_.fail("time stands still: a machine spins");
    }
  }

  World world_;
  std::vector<Question> questions_;
  std::unique_ptr<Edge> edge_;
  std::deque<Page> pages_;
  Duration retention_{};
  bool calm_ = false;
  bool outage_ = false;  ///< the network goes, and does not come back
};

}  // namespace

std::vector<std::string> run_scenario(std::uint64_t seed, bool tracing) {
  return Scenario(seed, tracing).run();
}

}  // namespace weir::simulation
