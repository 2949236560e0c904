#include "weir/prompt/request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::prompt {
namespace {

constexpr std::string_view least =
    R"({"repo_url":"https://github.com/a/b","messages":[{"role":"user","content":"Why?"}]})";

/// The least request with more members at its end.
std::string with(std::string_view members) {
  return std::string(least.substr(0, least.size() - 1)) + "," + std::string(members) + "}";
}

Error error_of(std::string_view json, const limits::Request& limits = {}) {
  const auto request = parse_request(json, limits);
  return request ? Error{ErrorCode::internal, "(no error)", ""} : request.error();
}

void expect_error(std::string_view json, std::string_view beginning) {
  const Error error = error_of(json);
  EXPECT_EQ(error.code, ErrorCode::invalid_request) << json;
  EXPECT_EQ(error.message.substr(0, beginning.size()), beginning) << json;
}

TEST(ParseRequest, ReadsEveryMember) {
  const auto request = parse_request(R"({
    "repo_url": "https://github.com/a/b", "filePath": "src/a.cpp", "token": "t", "type": "github",
    "provider": "openai", "model": "gpt-4o", "language": "ja",
    "messages": [{"role": "system", "content": ""}, {"role": "user", "content": "One?"},
                 {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "Two?"}],
    "excluded_dirs": "build\nout", "excluded_files": "a.o,b.o", "included_dirs": ["src"],
    "included_files": ["*.cpp", " *.hpp "],
    "context": [{"path": "src/a.cpp", "start_line": 1, "end_line": 2, "text": "x\ny"}],
    "research": {"stage": "update", "turn": 2, "queries": ["a b", "c"]}, "priority": "batch", "unknown": {"ignored": [1, 2]}})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->repo_url, "https://github.com/a/b");
  EXPECT_EQ(request->file_path, "src/a.cpp");
  EXPECT_EQ(request->token, "t");
  EXPECT_EQ(request->repo_type, "github");
  EXPECT_EQ(request->provider, "openai");
  EXPECT_EQ(request->model, "gpt-4o");
  EXPECT_EQ(request->language, "ja");
  ASSERT_EQ(request->messages.size(), 4u);
  EXPECT_EQ(request->messages[2], (Message{Role::assistant, "Yes."}));
  EXPECT_EQ(request->question(), "Two?");
  EXPECT_EQ(request->excluded_dirs, (std::vector<std::string>{"build", "out"}));
  EXPECT_EQ(request->excluded_files, (std::vector<std::string>{"a.o", "b.o"}));
  EXPECT_EQ(request->included_dirs, (std::vector<std::string>{"src"}));
  EXPECT_EQ(request->included_files, (std::vector<std::string>{"*.cpp", "*.hpp"}));
  ASSERT_TRUE(request->context);
  EXPECT_EQ(*request->context, (std::vector<Passage>{{"src/a.cpp", 1, 2, "x\ny"}}));
  ASSERT_TRUE(request->research);
  EXPECT_EQ(*request->research, (ResearchTurn{ResearchStage::update, 2, {"a b", "c"}}));
  EXPECT_EQ(request->searches(), (std::vector<std::string>{"a b", "c"}));
  EXPECT_EQ(request->priority, "batch");
}

TEST(ParseRequest, TakesTrueForAResearchsFirstTurn) {
  EXPECT_EQ(parse_request(with(R"("research":true)"))->research, ResearchTurn{});
  EXPECT_FALSE(parse_request(with(R"("research":false)"))->research);
  EXPECT_EQ(parse_request(with(R"("research":true)"))->searches().size(), 1u);
}

TEST(ParseRequest, TakesNullForAbsent) {
  const auto request = parse_request(
      with(R"("filePath":null,"token":null,"context":null,"research":null,"excluded_dirs":null)"));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_FALSE(request->context);
  const auto empty = parse_request(with(R"("context":[])"));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->context);
}

TEST(ParseRequest, NamesTheWrongMemberByItsPath) {
  expect_error("[]", "The request must be a JSON object.");
  expect_error("{", "Not valid JSON");
  expect_error(R"({"messages":[]})", "repo_url is missing.");
  expect_error(R"({"repo_url":"","messages":[]})", "repo_url must be");
  expect_error(R"({"repo_url":7,"messages":[]})", "repo_url must be a string.");
  expect_error(R"({"repo_url":"a"})", "messages is missing.");
  expect_error(R"({"repo_url":"a","messages":{}})", "messages must be an array.");
  expect_error(R"({"repo_url":"a","messages":[]})", "messages must be an array with at least one");
  expect_error(R"({"repo_url":"a","messages":["x"]})", "messages[0] must be an object.");
  expect_error(R"({"repo_url":"a","messages":[{"content":"x"}]})", "messages[0].role is missing.");
  expect_error(
      R"({"repo_url":"a","messages":[{"role":"user","content":"x"},{"role":"bot","content":"x"}]})",
      "messages[1].role must be system, user or assistant.");
  expect_error(R"({"repo_url":"a","messages":[{"role":1,"content":"x"}]})",
               "messages[0].role must");
  expect_error(R"({"repo_url":"a","messages":[{"role":"user"}]})",
               "messages[0].content is missing.");
  expect_error(R"({"repo_url":"a","messages":[{"role":"user","content":[]}]})",
               "messages[0].content must be a string.");
  expect_error(with(R"("context":{})"), "context must be an array.");
  expect_error(with(R"("context":[1])"), "context[0] must be an object.");
  expect_error(with(R"("context":[{"start_line":1,"end_line":1,"text":""}])"),
               "context[0].path is missing.");
  expect_error(with(R"("context":[{"path":"a","start_line":0,"end_line":1,"text":""}])"),
               "context[0].start_line must be a line number");
  expect_error(with(R"("context":[{"path":"a","start_line":1.5,"end_line":2,"text":""}])"),
               "context[0].start_line must be a line number");
  expect_error(with(R"("context":[{"path":"a","start_line":3,"end_line":2,"text":""}])"),
               "context[0].end_line must be at least start_line.");
  expect_error(with(R"("context":[{"path":"a","start_line":1,"end_line":4294967296,"text":""}])"),
               "context[0].end_line must be a line number");
  expect_error(with(R"("context":[{"path":"a\nb","start_line":1,"end_line":2,"text":""}])"),
               "context[0].path must be one line");
  expect_error(with(R"("excluded_dirs":["a",3])"), "excluded_dirs[1] must be a string.");
  expect_error(with(R"("included_files":3)"), "included_files must be an array");
  expect_error(with(R"("research":"yes")"), "research must be true, false or an object.");
  expect_error(with(R"("research":{"turn":1})"), "research.stage is missing.");
  expect_error(with(R"("research":{"stage":"x","turn":1})"), "research.stage must be plan,");
  expect_error(with(R"("research":{"stage":"plan"})"), "research.turn is missing.");
  expect_error(with(R"("research":{"stage":"plan","turn":0})"), "research.turn must be a turn's");
  expect_error(with(R"("research":{"stage":"plan","turn":1,"queries":"a"})"),
               "research.queries must be an array.");
  expect_error(with(R"("research":{"stage":"plan","turn":1,"queries":["a","b\nc"]})"),
               "research.queries[1] must be one line");
  expect_error(with(R"("priority":"urgent")"), "priority must be");
  expect_error(with(R"("model":["x"])"), "model must be a string.");
}

TEST(ParseRequest, WantsAQuestionFromTheUserAtTheEnd) {
  expect_error(R"({"repo_url":"a","messages":[{"role":"assistant","content":"x"}]})",
               "messages[0].role must be user");
  expect_error(R"({"repo_url":"a","messages":[{"role":"user","content":" \n\t"}]})",
               "messages[0].content must be the question");
}

TEST(ParseRequest, KeepsEveryLimit) {
  const auto refused = [](std::string_view json, const limits::Request& limits,
                          std::string_view message) {
    const Error error = error_of(json, limits);
    EXPECT_EQ(error.code, ErrorCode::request_too_large) << message;
    EXPECT_EQ(error.message, message);
  };
  limits::Request limits;
  limits.body_bytes = 10;
  refused(least, limits, "The request is larger than 10 bytes.");
  limits = {};
  limits.messages = 0;
  refused(least, limits, "messages is larger than 0 elements.");
  limits = {};
  limits.message_bytes = 3;
  refused(least, limits, "messages[0].content is larger than 3 bytes.");
  limits = {};
  limits.short_text_bytes = 21;
  refused(least, limits, "repo_url is larger than 21 bytes.");
  limits = {};
  limits.passages = 1;
  refused(with(R"("context":[{},{}])"), limits, "context is larger than 1 elements.");
  limits = {};
  limits.passage_bytes = 1;
  refused(with(R"("context":[{"path":"a","start_line":1,"end_line":1,"text":"xy"}])"), limits,
          "context[0].text is larger than 1 bytes.");
  limits = {};
  limits.globs_bytes = 5;
  refused(with(R"("excluded_dirs":"aaaaaa")"), limits, "excluded_dirs is larger than 5 bytes.");
  refused(with(R"("excluded_dirs":["aaa","b"])"), limits, "excluded_dirs is larger than 5 bytes.");
  limits = {};
  limits.json_depth = 2;
  EXPECT_EQ(error_of(least, limits).code, ErrorCode::invalid_request);
}

TEST(ParseRequest, SplitsFiltersAsDeepwikisPagesSendThem) {
  const auto dirs = [](std::string_view json) {
    const auto request = parse_request(with("\"excluded_dirs\":" + std::string(json)));
    return request ? request->excluded_dirs : std::vector<std::string>{"(refused)"};
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(dirs(R"("./a/\n./b c/\r\n\n")"), (List{"./a/", "./b c/"}));
  EXPECT_EQ(dirs(R"("a, b ,c")"), (List{"a", "b", "c"}));
  EXPECT_EQ(dirs(R"(".%2Fa%0Ab%20c%2Cd")"), (List{"./a", "b c", "d"}));
  EXPECT_EQ(dirs(R"("100%,%zz,%4")"), (List{"100%", "%zz", "%4"}));
  EXPECT_EQ(dirs(R"("%ff")"), (List{"%ff"}));  // no UTF-8: taken as it is
  EXPECT_EQ(dirs(R"(["a,b","c%2Fd"])"), (List{"a,b", "c%2Fd"}));
  EXPECT_EQ(dirs(R"("")"), List{});
}

TEST(ParseRequest, NeverQuotesTheQuestionOrTheToken) {
  const std::string json =
      R"({"repo_url":"https://user:TOKEN@x","token":["TOKEN"],"messages":[{"role":"QUESTION","content":"QUESTION"}]})";
  for (std::size_t end = 0; end <= json.size(); ++end) {
    const auto request = parse_request(json.substr(0, end));
    ASSERT_FALSE(request);
    const std::string said = request.error().message + request.error().hint;
    EXPECT_EQ(said.find("TOKEN"), std::string::npos) << said;
    EXPECT_EQ(said.find("QUESTION"), std::string::npos) << said;
  }
}

TEST(WriteRequest, IsReadBackAsTheSame) {
  ChatRequest request;
  request.repo_url = "https://github.com/a/b";
  request.messages = {
      {Role::system, "s"}, {Role::user, "a"}, {Role::assistant, "b"}, {Role::user, "\"c\"\n"}};
  request.file_path = "f";
  request.token = "t";
  request.language = "zh-tw";
  request.included_dirs = {"a,b", "c"};
  request.context = std::vector<Passage>{{"p", 1, 9, "text\xE2\x82\xAC"}};
  request.research = ResearchTurn{ResearchStage::conclusion, 5, {"\"quoted\""}};
  const auto back = parse_request(write_request(request));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, request);
}

TEST(ParseCompletion, NeedsNoRepository) {
  const auto request = parse_request(R"({"messages":[{"role":"user","content":"Why?"}]})", {},
                                     RequestForm::completion);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_TRUE(request->is_plain());
  EXPECT_TRUE(request->context) << "nothing is searched for";
  const auto about_one =
      parse_request(R"({"repo_url":"a/b","messages":[{"role":"user","content":"Why?"}]})", {},
                    RequestForm::completion);
  ASSERT_TRUE(about_one);
  EXPECT_FALSE(about_one->is_plain());
  EXPECT_FALSE(about_one->context);
}

TEST(ParseCompletion, TakesDevelopersAndPartsOfText) {
  const auto request = parse_request(
      R"({"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":)"
      R"([{"type":"text","text":"Why"},{"type":"text","text":"?"}]}]})",
      {}, RequestForm::completion);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->messages[0].role, Role::system);
  EXPECT_EQ(request->question(), "Why?");
}

TEST(ParseCompletion, RefusesPartsThatAreNoText) {
  const auto request = parse_request(
      R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]})", {},
      RequestForm::completion);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().message, "messages[0].content[0] is no part of the type text.");
  limits::Request small;
  small.message_bytes = 3;
  const auto large =
      parse_request(R"({"messages":[{"role":"user","content":[{"type":"text","text":"four"}]}]})",
                    small, RequestForm::completion);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::request_too_large);
}

}  // namespace
}  // namespace weir::prompt
