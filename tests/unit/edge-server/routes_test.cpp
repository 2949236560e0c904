#include "routes.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

Route route(std::string_view target) {
  const Result<Route> found = find_route(target);
  if (!found) {
    ADD_FAILURE() << target << ": " << found.error().message;
    return {};
  }
  return *found;
}

TEST(FindRoute, KnowsThePlacesOfTheInterface) {
  EXPECT_EQ(route("/v1/socket").place, Place::socket);
  EXPECT_EQ(route("/v1/answers").place, Place::answers);
  EXPECT_EQ(route("/v1/providers").place, Place::providers);
  EXPECT_EQ(route("/packs/").place, Place::packs);
  EXPECT_EQ(route("/livez").place, Place::live);
  EXPECT_EQ(route("/metrics").place, Place::metrics);
}

TEST(FindRoute, KnowsThePlacesOfOpenAi) {
  EXPECT_EQ(route("/v1/chat/completions").place, Place::completions);
  EXPECT_EQ(route("/v1/models").place, Place::models);
  EXPECT_EQ(route("/v1/models/openai%2Fgpt-4o").place, Place::model);
  EXPECT_EQ(route("/v1/models/openai/gpt-4o").name, "openai/gpt-4o");
  EXPECT_EQ(route("/v1/embeddings").place, Place::embeddings);
}

TEST(FindRoute, KnowsThePlacesOfDeepwikiOpen) {
  EXPECT_EQ(route("/chat/completions/stream").place, Place::text_answers);
  EXPECT_EQ(route("/ws/chat").place, Place::text_socket);
  EXPECT_EQ(route("/models/config").place, Place::model_choice);
  EXPECT_EQ(route("/lang/config").place, Place::languages);
  EXPECT_EQ(route("/auth/status").place, Place::sign_in);
  EXPECT_EQ(route("/auth/validate").place, Place::sign_in_code);
  EXPECT_EQ(route("/health").place, Place::health);
}

TEST(FindRoute, TakesNamesAndTheCursor) {
  const Route answer = route("/v1/answers/00ff?x=1&after=12");
  EXPECT_EQ(answer.place, Place::answer);
  EXPECT_EQ(answer.name, "00ff");
  EXPECT_EQ(answer.after, "12");
  EXPECT_EQ(route("/packs/a%20b.weir").name, "a b.weir");
}

TEST(FindRoute, TakesHowLongAResponseMayWait) {
  EXPECT_EQ(route("/v1/answers?wait=20").wait, std::chrono::seconds(20));
  EXPECT_EQ(route("/v1/answers/00ff?after=3&wait=0").wait, std::chrono::seconds(0));
  EXPECT_FALSE(route("/v1/answers").wait);
  for (const char* target : {"/v1/answers?wait=x", "/v1/answers?wait=-1", "/v1/answers?wait=1.5",
                             "/v1/answers?wait=99999999999"}) {
    EXPECT_FALSE(find_route(target)) << target;
  }
}

TEST(FindRoute, LeavesTheRestToTheSite) {
  EXPECT_EQ(route("/").place, Place::site);
  EXPECT_EQ(route("/").name, "");
  EXPECT_EQ(route("/assets/index.js?v=2").name, "assets/index.js");
}

TEST(FindRoute, KnowsNothingElseUnderTheInterface) {
  EXPECT_EQ(route("/v1/elsewhere").place, Place::nothing);
  EXPECT_EQ(route("/v1/answers/a/b").place, Place::nothing);
  EXPECT_EQ(route("/packs/a/b.weir").place, Place::nothing);
}

TEST(FindRoute, RefusesPathsThatLeadElsewhere) {
  for (const char* target : {"", "*", "index.html", "http://host/", "/../x", "/a/../x", "/%2e%2e/x",
                             "/a/%2E%2e", "/./x", "/a//b", "//host/x", "/a%2f%2e%2e%2fx", "/a\\b",
                             "/a%5cb", "/a%00b", "/a%", "/a%4", "/a%zz", "/a\nb"}) {
    EXPECT_FALSE(find_route(target)) << target;
  }
}

TEST(Route, AllowsExactlyTheListedMethods) {
  const Route answers = route("/v1/answers");
  EXPECT_TRUE(answers.allows("POST"));
  EXPECT_TRUE(answers.allows("DELETE"));
  EXPECT_FALSE(answers.allows("GET"));
  EXPECT_FALSE(answers.allows("POS"));
  EXPECT_FALSE(answers.allows(""));
}

}  // namespace
}  // namespace weir::edge
