#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

/// A question about a repository that brings no passages of it.
prompt::ChatRequest unsearched(std::string text) {
  prompt::ChatRequest request = question(std::move(text));
  request.context.reset();
  request.repo_url = "https://github.com/a/b";
  return request;
}

TEST(RelayRetrieval, ComesFirstForAnAskWithoutContext) {
  Host host;
  auto request = unsearched("Why?");
  const ReaderId reader = host.ask(1, request);
  ASSERT_EQ(host.retrieves.size(), 1U);
  EXPECT_TRUE(host.opened.empty());
  EXPECT_TRUE(host.relay.answer_of(reader));
  EXPECT_EQ(host.read(reader), Words{});
  host.give(Retrieved{host.retrieves[0].run, prompt::Context{{{"x.md", 1, 1, "found"}}, {}}});
  ASSERT_EQ(host.opened.size(), 1U);
  const auto accepted = std::get<stream::Accepted>(host.entries(reader).at(0).event);
  EXPECT_EQ(accepted.kept, (std::vector<PassageRef>{{"x.md", 1, 1}}));
}

TEST(RelayRetrieval, IsLeftOutWhereThereIsNothingToSearch) {
  Host host;
  auto request = question("Why?");
  request.context.reset();
  host.ask(1, request);
  EXPECT_TRUE(host.retrieves.empty());
  EXPECT_EQ(host.opened.size(), 1U);
}

TEST(RelayRetrieval, IsLeftOutForAQuestionThatBringsItsOwnContext) {
  std::string words;
  for (std::size_t i = 0; i < limits::Request{}.searched_question_tokens; ++i) words += " word";
  for (const std::string& more : {std::string(), std::string(" more")}) {
    Host host;
    auto request = unsearched(words + more);
    const ReaderId reader = host.ask(1, request);
    EXPECT_EQ(host.retrieves.size(), more.empty() ? 1U : 0U);
    EXPECT_EQ(host.opened.size(), more.empty() ? 0U : 1U);
    const Words expected = more.empty() ? Words{} : Words{"1 accepted", "2 notice"};
    EXPECT_EQ(host.read(reader), expected);
  }
}

TEST(RelayRetrieval, LogsItsFailureAsTheAnswersFirstEvent) {
  Host host;
  auto request = unsearched("Why?");
  const ReaderId slow = host.ask(1, request);
  host.pass(limits::Provider{}.retrieval);
  EXPECT_EQ(host.read(slow), (Words{"1 error provider_timeout"}));
  host.give(Retrieved{host.retrieves[0].run, {}});
  EXPECT_TRUE(host.opened.empty());

  const ReaderId stopped = host.ask(2, request);
  host.cancel(2);
  EXPECT_EQ(host.read(stopped), (Words{"1 error cancelled"}));
}

TEST(RelayRetrieval, EndsTheAnswerWhereThePackCannotBeRead) {
  Host host;
  const ReaderId reader = host.ask(1, unsearched("Why?"));
  const Error unreadable{ErrorCode::internal, "The pack cannot be read.", ""};
  host.give(Retrieved{host.retrieves[0].run, std::nullopt, unreadable});
  EXPECT_TRUE(host.opened.empty());
  EXPECT_EQ(host.read(reader), (Words{"1 error internal"}));
}

TEST(RelayRetrieval, SaysThatTheRepositoryIsUnknown) {
  Host host;
  auto request = unsearched("Why?");
  const ReaderId reader = host.ask(1, request);
  host.give(Retrieved{host.retrieves[0].run, std::nullopt});
  ASSERT_EQ(host.opened.size(), 1U);
  const auto entries = host.entries(reader);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(std::get<stream::Notice>(entries[1].event).kind, stream::Notice::Kind::no_passages);
}

TEST(RelayRetrieval, BringsTheFileThatTheQuestionIsAbout) {
  Host host;
  auto request = unsearched("Why?");
  request.file_path = "src/a.c";
  const ReaderId reader = host.ask(1, request);
  prompt::Context found;
  found.passages = {{"x.md", 1, 1, "found"}};
  found.file = Passage{"src/a.c", 1, 2, "int a;\nint b;\n"};
  host.give(Retrieved{host.retrieves[0].run, found});
  ASSERT_EQ(host.opened.size(), 1U);
  EXPECT_NE(host.opened[0].request.body.find("int a;\\nint b;"), std::string::npos);
  const auto accepted = std::get<stream::Accepted>(host.entries(reader).at(0).event);
  EXPECT_EQ(accepted.kept, (std::vector<PassageRef>{{"src/a.c", 1, 2}, {"x.md", 1, 1}}));
}

TEST(RelayRetrieval, GivesARepositorysTokenToTheSearchAlone) {
  Host host;
  auto request = question("Why?");
  request.repo_url = "https://github.com/a/b";
  request.token = "ghp_secret";
  host.ask(1, request);
  request.context.reset();
  host.ask(2, request);
  ASSERT_EQ(host.retrieves.size(), 1U);
  EXPECT_EQ(host.retrieves[0].request.token, "ghp_secret");
  host.give(Retrieved{host.retrieves[0].run, prompt::Context{}});
  ASSERT_EQ(host.opened.size(), 2U);
  for (const OpenProvider& call : host.opened) {
    EXPECT_EQ(call.request.body.find("ghp_secret"), std::string::npos);
    EXPECT_EQ(call.request.url.find("ghp_secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace weir::relay
