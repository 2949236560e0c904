#include "simulation/scenario.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "simulation/checks.hpp"
#include "simulation/deployment.hpp"
#include "simulation/page.hpp"

namespace weir::simulation {

namespace {

/// All storms are over by then (but for an outage), and everything has been asked.
constexpr Duration storms_most = 90s;
constexpr Duration sleep_most = 8min;
constexpr Duration restart_most = 20s;
/// An answer may take its 20 minutes, and a cut one is asked for during 10 more.
constexpr Duration settling_most = 45min;
/// A Stop in calm weather is at the provider by then.
constexpr Duration stop_most = 2s;
/// What the way and the machines take where nothing is held back.
constexpr Duration lag_most = 1s;

class Scenario {
 public:
  Scenario(std::uint64_t seed, bool tracing) : world_(seed, tracing) {
    Random& random = world_.random;
    const std::size_t questions = 1 + world_.below(4);
    for (std::size_t i = 1; i <= questions; ++i) {
      questions_.push_back(draw_question(world_, policy_, static_cast<int>(i)));
    }
    limits::Answer limits;
    if (random.one_in(6)) limits.log_bytes = 300 + world_.below(3000);
    deployment_ = std::make_unique<Deployment>(world_, questions_, limits, policy_);
    calm_ = random.one_in(5);
    only_http_ = calm_ && random.one_in(3);
    if (only_http_) hold_ = static_cast<Hold>(world_.below(3));
    outage_ = !calm_ && random.one_in(8);
    const std::size_t pages = 1 + world_.below(3);
    for (std::size_t i = 1; i <= pages; ++i) {
      pages_.emplace_back(world_, *deployment_, static_cast<int>(i), draw_weather());
    }
  }

  std::vector<std::string> run() {
    plan();
    run_until([this] { return settled(); }, storms_most + settling_most);
    if (!settled()) world_.fail("not every reader came to an end");
    for (const Page& page : pages_) {
      for (const auto& [ref, reader] : page.readers()) {
        check_reader(world_, reader, whole(reader));
        if (only_http_) check_lag(world_, reader, lag_allowed());
      }
    }
    if (!world_.failures().empty()) return world_.failures();
    // The edge notices the last cut connections, lets answers linger, and forgets them.
    run_until([] { return false; }, limits::Answer{}.retention + 30min);
    check_edge_is_empty(world_, deployment_->figures());
    for (const Page& page : pages_) check_page_is_at_rest(page);
    return world_.failures();
  }

 private:
  // -- what happens

  Weather draw_weather() {
    if (only_http_) return Weather::only_http(hold_);
    return calm_ ? Weather{} : Weather::draw(world_.random);
  }

  void plan() {
    for (Page& page : pages_) {
      if (world_.random.one_in(2)) page.connect();
      plan_network(page);
      if (!calm_ && world_.random.one_in(3)) plan_sleep(page);
    }
    for (Question& question : questions_) {
      world_.after(world_.delay(30s), [this, &question] { ask(question); });
    }
    plan_restarts();
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
    if (calm_ || !world_.random.one_in(4)) return;
    const Duration away = world_.delay(storms_most / 2);
    const bool noticed = world_.random.one_in(2);  // or it comes back as another one at once
    if (noticed) world_.after(away, [&page] { page.network_changed(false); });
    world_.after(away + world_.delay(storms_most / 2), [&page] { page.network_changed(true); });
  }

  void plan_sleep(Page& page) {
    world_.after(world_.delay(storms_most),
                 [this, &page] { page.sleep(world_.delay(sleep_most)); });
  }

  /// Edges are replaced in good order in any weather; in storms they die as well.
  void plan_restarts() {
    if (only_http_) return;  // a later process cannot be asked for what an earlier one has
    for (std::size_t times = world_.below(3); times > 0; --times) {
      world_.after(world_.delay(storms_most), [this] {
        const bool at_once = calm_ || world_.random.one_in(2);
        const Duration pause = at_once ? Duration(0) : world_.delay(restart_most);
        const bool dies = !calm_ && world_.random.one_in(2);
        dies ? deployment_->crash(pause) : deployment_->replace(pause);
      });
    }
  }

  /// Some page, once it is awake.
  void on_any_page(std::function<void(Page&)> what) {
    Page& page = pages_[world_.below(pages_.size())];
    page.when_awake([&page, what = std::move(what)] { what(page); });
  }

  void ask(Question& question) {
    on_any_page([this, &question](Page& page) {
      const transport::Ref ref = page.ask(question);
      if (world_.random.one_in(5)) cancel_later(page, ref);
      plan_others(question, page, ref);
    });
  }

  void plan_others(Question& question, Page& page, transport::Ref ref) {
    // The same ask from a second tab, with the same key.
    if (world_.random.one_in(6)) {
      world_.after(world_.delay(20s), [this, &question] {
        on_any_page([&question](Page& other) { other.ask(question); });
      });
    }
    for (std::size_t followers = world_.below(3); followers > 0; --followers) {
      world_.after(world_.delay(40s),
                   [this, &question, &page, ref] { follow(question, page.readers().at(ref)); });
    }
  }

  void follow(Question& question, const Reader& example) {
    on_any_page([this, &question, &example](Page& page) {
      if (!question.answer) return;
      std::pair<stream::Cursor, std::size_t> from{0, 0};
      // From the end there is nothing to follow.
      const std::size_t marks = example.marks.size() - (example.end && !example.marks.empty());
      if (world_.random.one_in(2) && marks > 0 && !example.gap) {
        from = example.marks[world_.below(marks)];
      }
      const bool with_key = world_.random.one_in(2);
      const transport::Ref ref = page.follow(question, from.first, from.second, with_key);
      if (world_.random.one_in(8)) cancel_later(page, ref);
    });
  }

  void cancel_later(Page& page, transport::Ref ref) {
    world_.after(world_.delay(30s), [this, &page, ref] {
      page.when_awake([this, &page, ref] {
        expect_stopped(page.readers().at(ref));
        page.cancel(ref);
      });
    });
  }

  // -- what must come of it

  /// Whoever stops an answer that it sees has it stopped at the provider, wherever that runs.
  void expect_stopped(const Reader& reader) {
    const bool stops = !reader.over() && reader.has_key && reader.events > 0;
    if (!calm_ || !stops || reader.question->calls != 1) return;
    world_.after(stop_most, [this, question = reader.question] {
      const bool running = deployment_->is_running(question->number) && question->calls == 1;
      if (running) world_.fail("a Stop did not get to the provider, in calm weather");
    });
  }

  /// In calm weather an answer that nobody disturbs is whole, through restarts in good order as
  /// well. But a later process knows nothing of it: followers may come too late.
  bool whole(const Reader& reader) const {
    const bool found = reader.asked || !deployment_->changed();
    return calm_ && found && !reader.question->disturbed;
  }

  /// A way that holds back is found out once; then every answer flows in steps.
  Duration lag_allowed() const {
    const limits::Transport limits;
    if (hold_ == Hold::nothing) return lag_most;
    const Duration doubt =
        hold_ == Hold::all ? limits.http_inquiry : limits.silence + limits.backoff_first;
    return doubt + limits::Server{}.poll_gather + lag_most;
  }

  void check_page_is_at_rest(const Page& page) {
    if (page.connections_held() > 1) world_.fail("a page keeps connections that it does not need");
    const bool used = !page.readers().empty();
    if (used && !outage_ && page.status() != transport::Status::websocket) {
      world_.fail("a page did not get back to its WebSocket after the storms");
    }
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
  const Policy policy_ = Policy::draw(world_);
  std::vector<Question> questions_;
  std::unique_ptr<Deployment> deployment_;
  std::deque<Page> pages_;
  bool calm_ = false;
  bool only_http_ = false;
  Hold hold_ = Hold::nothing;  ///< with it, on all pages' ways
  bool outage_ = false;        ///< the network goes, and does not come back
};

}  // namespace

std::vector<std::string> run_scenario(std::uint64_t seed, bool tracing) {
  return Scenario(seed, tracing).run();
}

}  // namespace weir::simulation
