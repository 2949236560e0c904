#include "weir/stream/answer_log.hpp"

#include <gtest/gtest.h>

#include <string>

#include "weir/base/random.hpp"

namespace weir::stream {
namespace {

using Entries = std::vector<Entry>;
constexpr std::size_t plenty = 1 << 20;

/// All that stands behind `after`.
Entries read(const AnswerLog& log, Cursor after, std::size_t joined_most = plenty) {
  Entries all;
  std::string joined;
  while (const auto entry = log.next(after, joined_most, joined)) {
    all.push_back(to_entry(*entry));
    const auto* gap = std::get_if<Gap>(&entry->event);
    after = gap ? gap->kept_from - 1 : entry->cursor;
  }
  return all;
}

/// Accepted, then one-letter deltas up to cursor `last`.
AnswerLog log_with_deltas(Cursor last, std::size_t bytes_most = plenty) {
  AnswerLog log(bytes_most);
  log.append(Accepted{});
  while (log.last() < last) log.append(Delta{"x"});
  return log;
}

TEST(AnswerLog, CountsCursorsFromOne) {
  AnswerLog log(plenty);
  EXPECT_EQ(log.last(), 0U);
  EXPECT_TRUE(read(log, 0).empty());
  EXPECT_EQ(log.append(Accepted{}), 1U);
  EXPECT_EQ(log.append(Usage{1, 2}), 2U);
  EXPECT_EQ(log.last(), 2U);
  EXPECT_EQ(read(log, 1), (Entries{{2, Usage{1, 2}}}));
  EXPECT_TRUE(read(log, 2).empty());
  EXPECT_TRUE(read(log, 99).empty());
}

TEST(AnswerLog, KnowsItsEnd) {
  AnswerLog log(plenty);
  log.append(Accepted{});
  EXPECT_FALSE(log.ended());
  log.append(Done{"stop"});
  EXPECT_TRUE(log.ended());
  EXPECT_EQ(log.back(), (Entry{2, Done{"stop"}}));
}

TEST(AnswerLog, JoinsNeighbouringDeltasUnderTheLastCursor) {
  AnswerLog log(plenty);
  log.append(Accepted{});
  log.append(Delta{"a"});
  log.append(Delta{"b"});
  log.append(Reasoning{"c"});
  log.append(Reasoning{"d"});
  log.append(Delta{"e"});
  EXPECT_EQ(read(log, 1), (Entries{{3, Delta{"ab"}}, {5, Reasoning{"cd"}}, {6, Delta{"e"}}}));
  EXPECT_EQ(read(log, 2), (Entries{{3, Delta{"b"}}, {5, Reasoning{"cd"}}, {6, Delta{"e"}}}));
}

TEST(AnswerLog, JoinsNoFurtherThanAllowed) {
  AnswerLog log(plenty);
  for (const char* text : {"aa", "bb", "cc"}) log.append(Delta{text});
  EXPECT_EQ(read(log, 0, 4), (Entries{{2, Delta{"aabb"}}, {3, Delta{"cc"}}}));
  EXPECT_EQ(read(log, 0, 0).size(), 3U);
}

TEST(AnswerLog, GivesAWholeEventHoweverLittleMayBeJoined) {
  AnswerLog log(plenty);
  for (int i = 0; i < 10; ++i) log.append(Delta{std::string(100, 'x')});
  std::string joined;
  EXPECT_EQ(to_entry(*log.next(0, 1, joined)), (Entry{1, Delta{std::string(100, 'x')}}));
  EXPECT_EQ(to_entry(*log.next(0, 350, joined)), (Entry{3, Delta{std::string(300, 'x')}}));
}

TEST(AnswerLog, ShedsTheOldestButTheFirst) {
  const std::size_t most = footprint(Accepted{}) + 10 * footprint(Delta{"x"});
  const AnswerLog log = log_with_deltas(100, most);
  EXPECT_LE(log.bytes(), most);
  const Entries all = read(log, 0);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0], (Entry{1, Accepted{}}));
  ASSERT_TRUE(std::holds_alternative<Gap>(all[1].event));
  EXPECT_EQ(all[1].cursor, 0U);
  const Cursor kept_from = std::get<Gap>(all[1].event).kept_from;
  EXPECT_GT(kept_from, 80U);
  EXPECT_EQ(all[2],
            (Entry{100, Delta{std::string(static_cast<std::size_t>(101 - kept_from), 'x')}}));
  EXPECT_EQ(read(log, 1), Entries(all.begin() + 1, all.end()));
  EXPECT_EQ(read(log, kept_from - 2), Entries(all.begin() + 1, all.end()));
  EXPECT_EQ(read(log, kept_from - 1), Entries({all[2]}));
}

TEST(AnswerLog, KeepsTheLastEventHoweverLarge) {
  AnswerLog log(100);
  log.append(Accepted{});
  log.append(Delta{"a"});
  log.append(Delta{std::string(1000, 'x')});
  EXPECT_EQ(read(log, 0),
            (Entries{{1, Accepted{}}, {0, Gap{3}}, {3, Delta{std::string(1000, 'x')}}}));
  log.append(Done{"stop"});
  EXPECT_EQ(read(log, 0), (Entries{{1, Accepted{}}, {0, Gap{4}}, {4, Done{"stop"}}}));
}

TEST(AnswerLog, ShedsFurtherWhereItsHostMustSave) {
  AnswerLog log = log_with_deltas(100);
  log.shed(0);
  EXPECT_EQ(read(log, 0), (Entries{{1, Accepted{}}, {0, Gap{100}}, {100, Delta{"x"}}}));
  EXPECT_EQ(log.bytes(), footprint(Accepted{}) + footprint(Delta{"x"}));
}

TEST(AnswerLog, GivesTheSameTextFromEveryCursorInEveryHelping) {
  const AnswerLog log = [] {
    AnswerLog made(plenty);
    made.append(Accepted{});
    for (int i = 0; i < 200; ++i) made.append(Delta{std::to_string(i) + ","});
    made.append(Done{"stop"});
    return made;
  }();
  Random random(1);
  const auto some = [&] { return static_cast<std::size_t>(random.below(50)); };
  const auto text_after = [&](Cursor after) {
    std::string text;
    std::string joined;
    while (const auto entry = log.next(after, some(), joined)) {
      EXPECT_GT(entry->cursor, after);
      after = entry->cursor;
      if (const auto* part = std::get_if<EntryView::Text>(&entry->event)) text += part->text;
    }
    return text;
  };
  std::string expected;
  for (int i = 199; i >= 0; --i) {
    expected = std::to_string(i) + "," + expected;
    EXPECT_EQ(text_after(static_cast<Cursor>(i) + 1), expected);
  }
}

TEST(AnswerLog, GivesTheSameWhateverItsSizesAndKindsAreAndHoweverMuchIsShed) {
  Random random(2);
  for (int round = 0; round < 200; ++round) {
    AnswerLog log(200 + static_cast<std::size_t>(random.below(4000)));
    std::vector<Entry> all;
    const std::size_t longest = random.one_in(2) ? 20 : 400;
    for (int i = 0; i < 400; ++i) {
      const std::string text(1 + static_cast<std::size_t>(random.below(longest)), 'a');
      Event event = Delta{text};
      if (random.one_in(5)) event = Reasoning{text};
      if (random.one_in(9)) event = ToolCall{1, "", "", text};
      all.push_back({log.append(event), event});
      EXPECT_EQ(log.back(), all.back());
    }
    std::string joined;
    const Cursor kept_from = [&] {
      for (Cursor at = 0;; ++at) {
        const auto entry = log.next(at, 0, joined);
        const auto* gap = std::get_if<Gap>(&entry->event);
        if (gap) return gap->kept_from;
        if (at > 1) return Cursor{1};
      }
    }();
    for (Cursor at = kept_from; at <= log.last(); ++at) {
      EXPECT_EQ(to_entry(*log.next(at - 1, 0, joined)), all[static_cast<std::size_t>(at - 1)]);
    }
    EXPECT_FALSE(log.next(log.last(), 0, joined));
  }
}

TEST(AnswerLog, HoldsShortTextsInLittleMoreThanTheirBytes) {
  AnswerLog log(plenty);
  log.append(Accepted{});
  const std::size_t before = log.bytes();
  for (int i = 0; i < 1000; ++i) log.append(Delta{"word"});
  EXPECT_EQ(log.bytes() - before, 5000U);
}

}  // namespace
}  // namespace weir::stream
