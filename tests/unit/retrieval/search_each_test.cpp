#include "weir/retrieval/search_each.hpp"

#include "support.hpp"

namespace weir::retrieval {
namespace {

std::vector<Query> queries(const std::vector<std::string>& texts, std::size_t limit = 10) {
  std::vector<Query> out(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out[i].text = texts[i];
    out[i].limit = limit;
  }
  return out;
}

TEST(SearchEach, FindsForOneQueryWhatSearchFinds) {
  const OpenPack pack(sample_files());
  const auto hits = search_each(*pack, queries({"event loop"}));
  ASSERT_TRUE(hits);
  EXPECT_EQ(paths(*hits), paths(ask(*pack, "event loop")));
}

TEST(SearchEach, TakesTheQueriesBestInTurnsAndEachPassageOnce) {
  const OpenPack pack(sample_files());
  const auto hits = search_each(*pack, queries({"run once", "parse_url", "run once"}));
  ASSERT_TRUE(hits);
  ASSERT_GE(hits->size(), 3u);
  EXPECT_EQ((*hits)[0].passage.path, ask(*pack, "run once")[0].passage.path);
  EXPECT_EQ((*hits)[1].passage.path, ask(*pack, "parse_url")[0].passage.path);
  for (std::size_t i = 0; i < hits->size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(ref((*hits)[i].passage), ref((*hits)[j].passage));
    }
  }
}

TEST(SearchEach, GivesNoMoreThanAskedFor) {
  const OpenPack pack(sample_files());
  EXPECT_EQ(search_each(*pack, queries({"event loop", "parse url"}, 2))->size(), 2u);
  EXPECT_TRUE(search_each(*pack, {})->empty());
}

TEST(SearchEach, FailsWhereOneSearchFails) {
  const OpenPack pack(sample_files());
  const std::string endless(limits::Pack{}.query_bytes + 1, 'x');
  EXPECT_EQ(search_each(*pack, queries({"event", endless})).error().code,
            ErrorCode::invalid_request);
}

}  // namespace
}  // namespace weir::retrieval
