// A pack of which only what is asked for is brought finds what the whole pack finds.
#include <algorithm>

#include "support.hpp"
#include "weir/base/random.hpp"

namespace weir::retrieval {
namespace {

/// Brings what is wanted from the whole file, and counts it.
class Ranges {
 public:
  explicit Ranges(Bytes whole) : store(ByteStore::of_size(whole.size())), whole_(whole) {}

  bool bring() {
    const auto wanted = store.take_wanted();
    for (const ByteRange& range : wanted) {
      brought_ += range.length;
      store.supply(range.offset, whole_.subspan(static_cast<std::size_t>(range.offset),
                                                static_cast<std::size_t>(range.length)));
    }
    rounds += !wanted.empty();
    return !wanted.empty();
  }
  std::uint64_t brought() const { return brought_; }

  ByteStore store;
  int rounds = 0;

 private:
  Bytes whole_;
  std::uint64_t brought_ = 0;
};

Pack open(Ranges& ranges) {
  for (;;) {
    auto pack = Pack::open(ranges.store);
    EXPECT_TRUE(pack);
    if (*pack) return **std::move(pack);
    EXPECT_TRUE(ranges.bring());
  }
}

std::vector<Hit> ask_by_ranges(Ranges& ranges, const Pack& pack, const Query& query) {
  Search search({&pack}, WordTable::built_in(), query);
  for (;;) {
    const auto done = search.run();
    EXPECT_TRUE(done);
    if (*done) return search.hits();
    EXPECT_TRUE(ranges.bring());
  }
}

/// Some hundred files of words from a small world.
Files many_files() {
  const char* const words[] = {"socket", "close", "open",  "buffer", "parse", "token", "event",
                               "loop",   "timer", "queue", "remove", "cache", "entry", "expire"};
  Random random(11);
  Files files;
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (int line = 0; line < 120; ++line) {
      for (int word = 0; word < 6; ++word)
        text += std::string(words[static_cast<std::size_t>(random.below(14))]) + ' ';
      text += "item" + std::to_string(random.below(4000)) + "\n";
    }
    files.emplace_back("dir" + std::to_string(i % 7) + "/file" + std::to_string(i) + ".txt", text);
  }
  return files;
}

TEST(RangedSearch, FindsWhatTheWholePackFinds) {
  const auto bytes = make_pack(many_files());
  const auto whole = WholePack::open(bytes);
  ASSERT_TRUE(whole);
  Ranges ranges{Bytes(bytes)};
  const Pack pack = open(ranges);
  Query query;
  for (const char* text : {"close the socket", "item17 item200", "expire an entry of the cache",
                           "nothing_of_this zork", "what is where"}) {
    query.text = text;
    const auto expected = search(**whole, query);
    const auto found = ask_by_ranges(ranges, pack, query);
    ASSERT_EQ(found.size(), expected->size()) << text;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].passage, (*expected)[i].passage);
      EXPECT_EQ(found[i].score, (*expected)[i].score);
      EXPECT_EQ(found[i].matches, (*expected)[i].matches);
    }
  }
  EXPECT_LT(ranges.brought(), bytes.size() / 2);
}

TEST(RangedSearch, AsksInFewRounds) {
  const auto bytes = make_pack(many_files());
  Ranges ranges{Bytes(bytes)};
  const Pack pack = open(ranges);
  EXPECT_LE(ranges.rounds, 3);
  Query query;
  query.text = "remove the expired entry from the cache";
  query.include = {"dir3/"};
  query.prefer_path = "dir3/file3.txt";
  ranges.rounds = 0;
  EXPECT_FALSE(ask_by_ranges(ranges, pack, query).empty());
  EXPECT_LE(ranges.rounds, 4);  // dictionary and paths, postings, vectors, texts
}

TEST(RangedSearch, StartsAfreshAfterForgetting) {
  const auto bytes = make_pack(many_files());
  Ranges ranges{Bytes(bytes)};
  const Pack pack = open(ranges);
  Query query;
  query.text = "queue of item17 and item200";
  const auto first = ask_by_ranges(ranges, pack, query);
  EXPECT_FALSE(first.empty());
  ranges.store.forget();
  EXPECT_EQ(paths(ask_by_ranges(ranges, pack, query)), paths(first));
}

TEST(RangedSearch, SaysWhatIsDamaged) {
  auto bytes = make_pack(many_files());
  const auto whole = WholePack::open(bytes);
  ASSERT_TRUE(whole);
  for (const auto& section : (*whole)->sections()) {
    if (section.kind != static_cast<std::uint32_t>(format::Section::text)) continue;
    for (std::uint64_t at = section.offset; at < section.offset + section.length; at += 5)
      bytes[static_cast<std::size_t>(at)] ^= 0x55;
  }
  Ranges ranges{Bytes(bytes)};
  const Pack pack = open(ranges);
  Query query;
  query.text = "queue of item17 and item200";
  Search search({&pack}, WordTable::built_in(), query);
  Result<bool> done = search.run();
  while (done && !*done && ranges.bring()) done = search.run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::pack_damaged);
}

}  // namespace
}  // namespace weir::retrieval
