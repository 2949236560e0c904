#include "weir/relay/tagged_research.hpp"

#include <gtest/gtest.h>

namespace weir::relay {
namespace {

using prompt::Message;
using prompt::ResearchStage;
using prompt::ResearchTurn;
using prompt::Role;

const Message question = {Role::user, "[DEEP RESEARCH] Why does it wait?"};
const Message on = {Role::user, "[DEEP RESEARCH] Continue the research"};

Message said(std::string text) {
  return {Role::assistant, std::move(text)};
}

prompt::ChatRequest request_with(std::vector<Message> messages) {
  prompt::ChatRequest request;
  request.repo_url = "a/b";
  request.messages = std::move(messages);
  return request;
}

stream::Accepted by(std::string provider) {
  stream::Accepted accepted;
  accepted.provider = std::move(provider);
  return accepted;
}

TEST(TaggedResearch, IsNoneWithoutTheTagInTheLastMessage) {
  auto plain = request_with({{Role::user, "Why?"}});
  EXPECT_FALSE(TaggedResearch::read(plain));
  auto later = request_with({question, said("Since."), {Role::user, "And then?"}});
  EXPECT_FALSE(TaggedResearch::read(later));
  EXPECT_FALSE(later.research);
}

TEST(TaggedResearch, BeginsWithThePlan) {
  auto request = request_with({{Role::user, "Hi"}, said("Hello."), question});
  auto research = TaggedResearch::read(request);
  ASSERT_TRUE(research);
  EXPECT_EQ(request.research, ResearchTurn{});
  EXPECT_EQ(request.messages,
            (std::vector<Message>{
                {Role::user, "Hi"}, said("Hello."), {Role::user, "Why does it wait?"}}));
  research->take(by("openai"));
  EXPECT_EQ(research->text("It "), "## Research Plan\n\nIt ");
  EXPECT_EQ(research->text("waits.\n@@research {\"queries\":[\"a b\",\"c\"]}"), "waits.\n");
  EXPECT_EQ(research->finish(), "\n\n## Next Steps\n\n- a b\n- c\n");
}

TEST(TaggedResearch, GoesOnWithWhatTheTurnBeforeAskedFor) {
  auto request = request_with({question, said("Plan\n\n## Next Steps\n\n- a b\n- c\n"), on});
  auto research = TaggedResearch::read(request);
  ASSERT_TRUE(research);
  EXPECT_EQ(request.research, (ResearchTurn{ResearchStage::update, 2, {"a b", "c"}}));
  ASSERT_EQ(request.messages.size(), 3U);
  EXPECT_EQ(request.messages[0].role, Role::user);
  EXPECT_EQ(request.messages[1].role, Role::assistant);
  EXPECT_EQ(request.question(), "Why does it wait?");
  EXPECT_EQ(research->text("x"), "## Research Update 2\n\nx");
  research->take(stream::ToolCall{0, "c", "research_next", R"({"done":true,"queries":[]})"});
  EXPECT_EQ(research->finish(), "\n\n## Next Steps\n\nNothing more is to be looked up.\n");
}

TEST(TaggedResearch, ConcludesWhereNothingMoreIsToBeLookedUp) {
  auto request =
      request_with({question, said("1\n\n## Next Steps\n\n- a\n"), on,
                    said("2\n\n## Next Steps\n\nNothing more is to be looked up.\n"), on});
  auto research = TaggedResearch::read(request);
  EXPECT_EQ(request.research, (ResearchTurn{ResearchStage::conclusion, 3, {}}));
  EXPECT_EQ(research->text("All."), "## Final Conclusion\n\nAll.");
  EXPECT_EQ(research->finish(), "");
}

TEST(TaggedResearch, ConcludesInTheFifthTurnWhateverIsOpen) {
  std::vector<Message> messages = {question};
  for (int turn = 1; turn <= 4; ++turn) {
    messages.push_back(said("t"));
    messages.push_back(on);
  }
  auto request = request_with(messages);
  ASSERT_TRUE(TaggedResearch::read(request));
  EXPECT_EQ(request.research, (ResearchTurn{ResearchStage::conclusion, 5, {}}));
}

TEST(TaggedResearch, StartsAnewWithAnotherQuestion) {
  auto request =
      request_with({question, said("1"), on, said("2"), {Role::user, "[DEEP RESEARCH] And?"}});
  ASSERT_TRUE(TaggedResearch::read(request));
  EXPECT_EQ(request.research, ResearchTurn{});
  EXPECT_EQ(request.question(), "And?");
  EXPECT_EQ(request.messages.size(), 5U) << "what was before is history";
}

TEST(TaggedResearch, SaysThatTheQuestionStaysOpenWhereTheModelDoesNot) {
  auto request = request_with({question});
  auto research = TaggedResearch::read(request);
  research->text("Text");
  const std::string end = research->finish();
  EXPECT_EQ(end, "\n\n## Next Steps\n\nThe question is looked up once more.\n");
  auto next = request_with({question, said("Text" + end), on});
  ASSERT_TRUE(TaggedResearch::read(next));
  EXPECT_EQ(next.research, (ResearchTurn{ResearchStage::update, 2, {}}));
}

TEST(TaggedResearch, IsOneTurnWhereNoModelAnswers) {
  auto request = request_with({question});
  auto research = TaggedResearch::read(request);
  research->take(by("extract"));
  EXPECT_EQ(research->text("These"), "## Final Conclusion\n\nThese");
  EXPECT_EQ(research->finish(), "");
}

TEST(TaggedResearch, EndsWhereATurnFails) {
  auto request = request_with({question});
  auto research = TaggedResearch::read(request);
  EXPECT_EQ(research->fail(), "## Final Conclusion\n\n");
  auto other = request_with({question});
  auto begun = TaggedResearch::read(other);
  begun->text("Half of\n@@re");
  EXPECT_EQ(begun->fail(), "@@re\n\n## Final Conclusion\n\n");
}

}  // namespace
}  // namespace weir::relay
