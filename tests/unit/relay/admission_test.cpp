#include "weir/relay/admission.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "weir/base/random.hpp"

namespace weir::relay {
namespace {

using Id = Admission::Id;

Admission::Ask ask_of(Id id, std::uint64_t client, Priority priority = Priority::interactive,
                      std::string model = "m", std::uint32_t tokens = 100) {
  return {id, client, priority, "p", std::move(model), tokens};
}

limits::Admission one_at_a_time() {
  limits::Admission limits;
  limits.running = 1;
  return limits;
}

const Instant start = Instant(1h);

bool runs(const Admission::Outcome& outcome) {
  return std::holds_alternative<Admission::Runs>(outcome);
}

std::size_t place(const Admission::Outcome& outcome) {
  const auto* waits = std::get_if<Admission::Waits>(&outcome);
  return waits ? waits->position : 0;
}

/// Ends what runs until nobody waits: the order in which they ran.
std::vector<Id> drain(Admission& admission, Id running, Instant now) {
  std::vector<Id> order;
  while (true) {
    admission.leave(running);
    const auto next = admission.next(now);
    if (!next) return order;
    order.push_back(running = *next);
  }
}

TEST(Admission, RunsWhatThereIsRoomFor) {
  limits::Admission limits;
  limits.running = 2;
  Admission admission(limits);
  EXPECT_TRUE(runs(admission.enter(ask_of(1, 1), start)));
  EXPECT_TRUE(runs(admission.enter(ask_of(2, 1), start)));
  EXPECT_EQ(place(admission.enter(ask_of(3, 1), start)), 1U);
  EXPECT_FALSE(admission.next(start));
  admission.leave(1);
  EXPECT_EQ(admission.next(start), Id{3});
  EXPECT_EQ(admission.running(), 2U);
  EXPECT_EQ(admission.waiting(), 0U);
}

TEST(Admission, LimitsClientsProvidersAndModelsAndLetsOthersPass) {
  limits::Admission limits;
  limits.running_per_client = 1;
  limits.running_per_model = 2;
  Admission admission(limits);
  EXPECT_TRUE(runs(admission.enter(ask_of(1, 1), start)));
  EXPECT_EQ(place(admission.enter(ask_of(2, 1), start)), 1U);
  EXPECT_TRUE(runs(admission.enter(ask_of(3, 2), start)));
  EXPECT_EQ(place(admission.enter(ask_of(4, 3), start)), 1U) << "two run with this model";
  EXPECT_TRUE(runs(admission.enter(ask_of(5, 3, Priority::interactive, "other"), start)));
  admission.leave(3);
  EXPECT_FALSE(admission.next(start)) << "each of the two has one that runs";
  admission.leave(5);
  EXPECT_EQ(admission.next(start), Id{4}) << "the first in line has to wait for its own";
  EXPECT_TRUE(runs(admission.enter(ask_of(6, 0, Priority::interactive, "x"), start)));
  EXPECT_TRUE(runs(admission.enter(ask_of(7, 0, Priority::interactive, "x"), start)))
      << "who cannot be told apart is not limited as one";
}

TEST(Admission, TakesTurnsBetweenClients) {
  Admission admission(one_at_a_time());
  admission.enter(ask_of(1, 1), start);
  for (Id id = 2; id <= 50; ++id) admission.enter(ask_of(id, 1), start);
  EXPECT_EQ(place(admission.enter(ask_of(100, 2), start)), 1U);
  EXPECT_EQ(place(admission.enter(ask_of(101, 2), start)), 3U);
  const auto order = drain(admission, 1, start);
  EXPECT_EQ((std::vector<Id>(order.begin(), order.begin() + 5)),
            (std::vector<Id>{100, 2, 101, 3, 4}));
}

TEST(Admission, ServesPrioritiesInOrderAndLiftsThoseThatWait) {
  Admission admission(one_at_a_time());
  admission.enter(ask_of(1, 1), start);
  admission.enter(ask_of(2, 2, Priority::batch), start);
  admission.enter(ask_of(3, 3, Priority::research), start);
  admission.enter(ask_of(4, 4), start);
  EXPECT_EQ(admission.queue(start), (std::vector<Id>{4, 3, 2}));
  const Instant later = start + 2 * limits::Admission{}.ageing;
  admission.enter(ask_of(5, 5), later);
  EXPECT_EQ(admission.queue(later), (std::vector<Id>{2, 3, 4, 5})) << "all are of one class by now";
}

TEST(Admission, GivesThePlaceOfWhoLeavesToTheOthers) {
  Admission admission(one_at_a_time());
  admission.enter(ask_of(1, 1), start);
  for (Id id = 2; id <= 5; ++id) admission.enter(ask_of(id, 2), start);
  admission.enter(ask_of(9, 3), start);
  for (Id id = 2; id <= 4; ++id) admission.leave(id);
  EXPECT_EQ(admission.queue(start), (std::vector<Id>{5, 9}))
      << "what was taken back is not held against it";
}

TEST(Admission, BoundsTheQueue) {
  limits::Admission limits = one_at_a_time();
  limits.queue = 3;
  limits.queue_per_client = 2;
  Admission admission(limits);
  admission.enter(ask_of(1, 1), start);
  EXPECT_EQ(place(admission.enter(ask_of(2, 1), start)), 1U);
  EXPECT_EQ(place(admission.enter(ask_of(3, 1), start)), 2U);
  EXPECT_TRUE(std::holds_alternative<Admission::QueueFull>(admission.enter(ask_of(4, 1), start)));
  EXPECT_EQ(place(admission.enter(ask_of(5, 2), start)), 1U);
  EXPECT_TRUE(std::holds_alternative<Admission::QueueFull>(admission.enter(ask_of(6, 3), start)));
  admission.leave(3);
  EXPECT_NE(place(admission.enter(ask_of(7, 3), start)), 0U);
}

TEST(Admission, LetsAClientsMinuteFillUpAgain) {
  limits::Admission limits;
  limits.requests_per_minute = 6;
  limits.queue_wait = 15s;
  Admission admission(limits);
  for (Id id = 1; id <= 6; ++id) EXPECT_TRUE(runs(admission.enter(ask_of(id, 1), start)));
  EXPECT_EQ(place(admission.enter(ask_of(7, 1), start)), 1U);
  EXPECT_TRUE(runs(admission.enter(ask_of(8, 2), start))) << "another's is its own";
  EXPECT_FALSE(admission.next(start));
  EXPECT_EQ(admission.deadline(start), start + 10s);
  EXPECT_EQ(admission.next(start + 10s), Id{7});
}

TEST(Admission, GoesByAClientsOwnLimitsWhereItHasSome) {
  limits::Admission limits;
  limits.running_per_client = 1;
  limits.requests_per_minute = 1;
  limits.queue_wait = 1s;
  Admission admission(limits);
  ClientRights rights;
  rights.running = 2;
  rights.requests_per_minute = 0;
  const Client favoured(1, std::make_shared<const ClientRights>(rights));
  Admission::Ask ask = ask_of(1, 0);
  ask.client = favoured;
  EXPECT_TRUE(runs(admission.enter(ask, start)));
  ask.id = 2;
  EXPECT_TRUE(runs(admission.enter(ask, start)));
  ask.id = 3;
  EXPECT_EQ(place(admission.enter(ask, start)), 1U);
  EXPECT_TRUE(runs(admission.enter(ask_of(4, 2), start)));
  EXPECT_TRUE(std::holds_alternative<Admission::TooMany>(admission.enter(ask_of(5, 2), start)));
}

TEST(Admission, RefusesWhoWouldWaitTooLongAndSaysUntilWhen) {
  limits::Admission limits;
  limits.tokens_per_minute = 1'000;
  limits.queue_wait = 30s;
  Admission admission(limits);
  EXPECT_TRUE(runs(admission.enter(ask_of(1, 1, Priority::interactive, "m", 1'400), start)))
      << "a prompt larger than what is left is paid off later";
  EXPECT_NE(place(admission.enter(ask_of(2, 1), start)), 0U);
  admission.charge(1, {0, 600}, start);
  const auto refused = admission.enter(ask_of(3, 1), start);
  const auto* too_many = std::get_if<Admission::TooMany>(&refused);
  ASSERT_TRUE(too_many);
  EXPECT_GT(too_many->retry_after, 1min);
  EXPECT_LT(too_many->retry_after, 61s);
}

// -- what holds whatever happens

/// Answers come and go at random, for many clients; every step is checked.
class RandomAdmission {
 public:
  explicit RandomAdmission(std::uint64_t seed) : random_(seed), admission_(draw_limits()) {}

  void run() {
    for (int step = 0; step < 400; ++step) {
      now_ += Duration(random_.below(2'000'000'000));
      random_.one_in(2) ? come() : go();
      while (const auto next = admission_.next(now_)) begin(*next);
      check();
    }
    finish();
  }

 private:
  limits::Admission draw_limits() {
    limits_.running = 1 + draw(4);
    limits_.running_per_client = draw(3);
    limits_.running_per_model = draw(3);
    limits_.requests_per_minute = random_.one_in(3) ? 5 + draw(20) : 0;
    limits_.queue = 1 + draw(30);
    return limits_;
  }

  void come() {
    const Id id = ++last_;
    asks_[id] = ask_of(id, 1 + random_.below(4), static_cast<Priority>(random_.below(3)),
                       "m" + std::to_string(random_.below(2)));
    const auto outcome = admission_.enter(asks_[id], now_);
    if (runs(outcome)) {
      begin(id);
    } else if (place(outcome) > 0) {
      waiting_.insert(id);
      EXPECT_LE(place(outcome), waiting_.size());
    }
  }

  void go() {
    std::vector<Id> here(running_.begin(), running_.end());
    if (random_.one_in(5)) here.assign(waiting_.begin(), waiting_.end());
    if (here.empty()) return;
    const Id id = here[draw(here.size())];
    admission_.leave(id);
    running_.erase(id);
    waiting_.erase(id);
  }

  void begin(Id id) {
    waiting_.erase(id);
    EXPECT_TRUE(running_.insert(id).second) << "runs twice";
  }

  void check() {
    EXPECT_EQ(admission_.running(), running_.size()) << "nothing is lost or doubled";
    EXPECT_EQ(admission_.waiting(), waiting_.size());
    EXPECT_LE(running_.size(), limits_.running);
    EXPECT_LE(waiting_.size(), limits_.queue);
    const auto order = admission_.queue(now_);
    EXPECT_EQ(std::set<Id>(order.begin(), order.end()), waiting_);
    std::map<std::uint64_t, std::size_t> of_client;
    std::map<std::string, std::size_t> of_model;
    for (const Id id : running_) {
      ++of_client[asks_[id].client.id];
      ++of_model[asks_[id].model];
    }
    for (const auto& [client, count] : of_client) {
      EXPECT_TRUE(limits_.running_per_client == 0 || count <= limits_.running_per_client);
    }
    for (const auto& [model, count] : of_model) {
      EXPECT_TRUE(limits_.running_per_model == 0 || count <= limits_.running_per_model);
    }
    if (running_.empty() && !waiting_.empty()) {
      const auto due = admission_.deadline(now_);
      EXPECT_TRUE(due && *due > now_) << "who could run waits for nothing";
    }
  }

  void finish() {
    for (int step = 0; step < 10'000 && !(running_.empty() && waiting_.empty()); ++step) {
      now_ += 1s;
      if (!running_.empty()) {
        admission_.leave(*running_.begin());
        running_.erase(running_.begin());
      }
      while (const auto next = admission_.next(now_)) begin(*next);
    }
    EXPECT_TRUE(waiting_.empty()) << "someone starves";
  }

  std::size_t draw(std::size_t below) { return static_cast<std::size_t>(random_.below(below)); }

  Random random_;
  limits::Admission limits_;
  Admission admission_;
  Instant now_ = start;
  Id last_ = 0;
  std::map<Id, Admission::Ask> asks_;
  std::set<Id> running_, waiting_;
};

TEST(AdmissionAtRandom, LosesNobodyAndKeepsItsLimits) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomAdmission(seed).run();
    if (::testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
}

TEST(AdmissionAtRandom, ServesClientsThatAlwaysWaitEquallyOften) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    limits::Admission limits = one_at_a_time();
    limits.queue = 10'000;
    limits.queue_per_client = 10'000;
    Admission admission(limits);
    const std::uint64_t clients = 2 + random.below(5);
    std::map<Id, std::uint64_t> whose;
    Id last = 0;
    const auto come = [&](std::uint64_t client) {
      whose[++last] = client;
      return admission.enter(ask_of(last, client), start);
    };
    come(1);
    for (int i = 0; i < 40; ++i) {
      for (std::uint64_t client = 1; client <= clients; ++client) {
        for (std::size_t n = 0; n <= random.below(3); ++n) come(client);
      }
    }
    std::map<std::uint64_t, std::size_t> served;
    Id running = 1;
    for (int i = 0; i < 30; ++i) {
      admission.leave(running);
      running = *admission.next(start);
      ++served[whose[running]];
      const auto [least, most] =
          std::minmax_element(served.begin(), served.end(),
                              [](const auto& a, const auto& b) { return a.second < b.second; });
      EXPECT_LE(most->second - (served.size() < clients ? 0 : least->second), 2U) << seed;
    }
  }
}

TEST(Admission, ForgetsClientsThatHaveNothingLeftToPayOff) {
  for (const std::size_t requests_per_minute : {std::size_t{0}, std::size_t{5}}) {
    limits::Admission limits;
    limits.requests_per_minute = requests_per_minute;
    Admission admission(limits);
    for (std::uint64_t client = 1; client <= 100; ++client) {
      admission.enter(ask_of(client, client), start);
      admission.leave(client);
    }
    EXPECT_EQ(admission.clients(), 100U);
    admission.enter(ask_of(101, 101), start + 2min);
    EXPECT_EQ(admission.clients(), 1U);
  }
}

TEST(AdmissionAtRandom, LetsNobodyWaitForEverWhateverComesBeforeIt) {
  Admission admission(one_at_a_time());
  admission.enter(ask_of(1, 1), start);
  admission.enter(ask_of(2, 2, Priority::batch), start);
  Instant now = start;
  Id last = 100;
  Id running = 1;
  std::size_t before = 0;
  while (running != 2) {
    now += 1s;
    for (std::uint64_t client = 10; client < 13; ++client)
      admission.enter(ask_of(++last, client), now);
    admission.leave(running);
    const auto next = admission.next(now);
    ASSERT_TRUE(next);
    running = *next;
    ASSERT_LE(++before, 2U * 20U + 3U) << "two classes of ageing, then its client's turn";
  }
}

}  // namespace
}  // namespace weir::relay
