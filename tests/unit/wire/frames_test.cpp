#include "weir/wire/frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::wire {
namespace {

using stream::Entry;

Id128 id(std::uint8_t byte) {
  Id128 made;
  made.bytes.fill(byte);
  return made;
}

stream::Accepted full_accepted() {
  stream::Accepted accepted;
  accepted.answer = id(0xab);
  accepted.provider = "openai";
  accepted.model = "gpt-4o";
  accepted.prompt_tokens = 1234;
  accepted.context_tokens = 128'000;
  accepted.exact = false;
  accepted.kept = {{"src/a \"b\".cpp", 1, 20}, {"b.md", 3, 3}};
  accepted.dropped = {{{"c.txt", 5, 6}, "no room in the model's context"}};
  accepted.dropped_messages = 2;
  return accepted;
}

stream::Failed full_failed() {
  return {{ErrorCode::provider_quota, "The quota is used up.", "Wait a minute."},
          "openai",
          true,
          std::chrono::milliseconds(1500)};
}

std::vector<stream::Event> every_event() {
  return {full_accepted(),
          stream::Queued{3},
          stream::Notice{stream::Notice::Kind::draining, "The edge is stopping."},
          stream::Notice{stream::Notice::Kind::provider_switched, "Another.", "google", "gemini"},
          stream::Reasoning{"because"},
          stream::Delta{"line\n\"quoted\" \xE2\x82\xAC \xF0\x9F\x98\x80"},
          stream::Usage{10, 20},
          stream::ToolCall{1, "call_1", "search", "{\"q\":"},
          stream::ToolCall{1, "", "", "1}"},
          stream::Done{"stop"},
          stream::Done{"length", stream::Timing{1, 2, 3, 4, 5, 6, 7}, stream::Price{8, "EUR"}},
          full_failed(),
          stream::Failed{{ErrorCode::cancelled, "Stopped.", ""}, "", false, std::nullopt},
          stream::Gap{77}};
}

TEST(ServerFrame, CarriesEveryEventBothWays) {
  for (const stream::Event& event : every_event()) {
    const ServerFrame frame = EventFrame{7, {42, event}};
    const auto back = read_server_frame(write_server_frame(frame));
    ASSERT_TRUE(back);
    ASSERT_TRUE(*back);
    EXPECT_EQ(**back, frame) << write_server_frame(frame);
  }
}

TEST(ServerFrame, LooksAsTheProtocolSays) {
  EXPECT_EQ(write_server_frame(EventFrame{1, {2, stream::Delta{"Hi"}}}),
            R"({"type":"delta","ref":1,"cursor":2,"text":"Hi"})");
  EXPECT_EQ(write_server_frame(EventFrame{1, {0, stream::Gap{9}}}),
            R"({"type":"gap","ref":1,"kept_from":9})");
  EXPECT_EQ(write_server_frame(AliveFrame{}), R"({"type":"alive"})");
  EXPECT_EQ(write_server_frame(EventFrame{1, {1, full_accepted()}}),
            R"({"type":"accepted","ref":1,"cursor":1,"answer":"abababababababababababababababab",)"
            R"("provider":"openai","model":"gpt-4o","prompt_tokens":1234,"context_tokens":128000,)"
            R"("exact":false,"kept":[{"path":"src/a \"b\".cpp","start_line":1,"end_line":20},)"
            R"({"path":"b.md","start_line":3,"end_line":3}],"dropped":[{"path":"c.txt",)"
            R"("start_line":5,"end_line":6,"why":"no room in the model's context"}],)"
            R"("dropped_messages":2})");
  EXPECT_EQ(
      write_server_frame(EventFrame{0, {0, full_failed()}}),
      R"({"type":"error","ref":0,"code":"provider_quota","message":"The quota is used up.",)"
      R"("hint":"Wait a minute.","provider":"openai","retryable":true,"retry_after_ms":1500})");
}

TEST(ServerFrame, CostsAtMostSixtyBytesBesidesADeltasText) {
  const Entry entry{1'000'000, stream::Delta{"a"}};
  EXPECT_LE(write_server_frame(EventFrame{999, entry}).size(), 61U);
  std::string sse;
  append_sse(sse, entry);
  EXPECT_LE(sse.size(), 61U);
}

TEST(ServerFrame, AliveIsReadBack) {
  const auto back = read_server_frame(write_server_frame(AliveFrame{}));
  ASSERT_TRUE(back && *back);
  EXPECT_TRUE(std::holds_alternative<AliveFrame>(**back));
}

TEST(ServerFrame, IsPassedOverWhereItsTypeIsUnknown) {
  for (const char* text : {R"({"type":"confetti","ref":1,"cursor":3})",
                           R"({"type":"notice","ref":1,"cursor":3,"kind":"newer"})"}) {
    const auto frame = read_server_frame(text);
    ASSERT_TRUE(frame) << text;
    EXPECT_FALSE(*frame) << text;
  }
}

TEST(ServerFrame, TakesAnErrorCodeItDoesNotKnowForInternal) {
  const auto frame = read_server_frame(R"({"type":"error","ref":1,"code":"new","message":"m"})");
  ASSERT_TRUE(frame && *frame);
  const auto& failed = std::get<stream::Failed>(std::get<EventFrame>(**frame).entry.event);
  EXPECT_EQ(failed.error, (Error{ErrorCode::internal, "m", ""}));
}

TEST(ServerFrame, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "{", "[]", "3", "{}", R"({"type":3})",
                           R"({"type":"accepted","ref":1,"cursor":1,"answer":"short"})"}) {
    const auto frame = read_server_frame(text);
    ASSERT_FALSE(frame) << text;
    EXPECT_EQ(frame.error().code, ErrorCode::invalid_request);
  }
  EXPECT_FALSE(read_server_frame(std::string(100'000, '[')));
}

TEST(ServerFrame, SurvivesForeignTypesInItsMembers) {
  const auto frame = read_server_frame(
      R"({"type":"usage","ref":-1,"cursor":"x","prompt":99999999999,"completion":2.0})");
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ(std::get<EventFrame>(**frame), (EventFrame{0, {0, stream::Usage{0, 2}}}));
}

TEST(ClientFrame, GoesBothWays) {
  for (const ClientFrame& frame :
       {ClientFrame(AccessFrame{"a \"code\""}), ClientFrame(AccessFrame{}),
        ClientFrame(AskFrame{1, id(1), R"({"messages":[{"role":"user"}]})"}),
        ClientFrame(ResumeFrame{4294967295U, id(2), 17}), ClientFrame(ResumeFrame{2, id(2), 0}),
        ClientFrame(CancelFrame{id(3), std::nullopt}), ClientFrame(CancelFrame{id(3), id(4)})}) {
    const auto back = read_client_frame(write_client_frame(frame));
    ASSERT_TRUE(back) << write_client_frame(frame);
    EXPECT_EQ(*back, frame);
  }
}

TEST(ClientFrame, LooksAsTheProtocolSays) {
  const std::string one = to_hex(id(1));
  EXPECT_EQ(write_client_frame(AskFrame{1, id(1), "{}"}),
            R"({"type":"ask","ref":1,"key":")" + one + R"(","request":{}})");
  EXPECT_EQ(write_client_frame(ResumeFrame{1, id(1), 5}),
            R"({"type":"resume","ref":1,"answer":")" + one + R"(","after":5})");
  EXPECT_EQ(write_client_frame(CancelFrame{id(1), id(1)}),
            R"({"type":"cancel","answer":")" + one + R"(","key":")" + one + R"("})");
}

TEST(ClientFrame, NamesTheFieldThatIsWrong) {
  const std::string key = R"("key":"01010101010101010101010101010101")";
  const std::string answer = R"("answer":"01010101010101010101010101010101")";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({})", "`type`"},
      {R"({"type":"shout"})", "`type`"},
      {R"({"type":"ask",)" + key + R"(,"request":{}})", "`ref`"},
      {R"({"type":"ask","ref":0,)" + key + R"(,"request":{}})", "`ref`"},
      {R"({"type":"ask","ref":4294967296,)" + key + R"(,"request":{}})", "`ref`"},
      {R"({"type":"ask","ref":1,"key":"xyz","request":{}})", "`key`"},
      {R"({"type":"ask","ref":1,)" + key + "}", "`request`"},
      {R"({"type":"ask","ref":1,)" + key + R"(,"request":"{}"})", "`request`"},
      {R"({"type":"resume","ref":1})", "`answer`"},
      {R"({"type":"resume","ref":1,)" + answer + R"(,"after":-1})", "`after`"},
      {R"({"type":"resume","ref":1,)" + answer + R"(,"after":"3"})", "`after`"},
      {R"({"type":"cancel"})", "`key`"},
      {R"({"type":"cancel",)" + key + R"(,"answer":7})", "`answer`"},
  };
  for (const auto& [text, field] : cases) {
    const auto frame = read_client_frame(text);
    ASSERT_FALSE(frame) << text;
    EXPECT_EQ(frame.error().code, ErrorCode::invalid_request);
    EXPECT_NE(frame.error().message.find(field), std::string::npos) << frame.error().message;
  }
}

TEST(ClientFrame, KeepsTheLastRequestAsItIsWritten) {
  const auto frame = read_client_frame(
      R"({"request":{}, "\u0074ype":"ask","ref":1e0,"request" : {"a": "\u0062"} ,"key":")" +
      to_hex(id(1)) + R"("})");
  ASSERT_TRUE(frame);
  EXPECT_EQ(*frame, ClientFrame(AskFrame{1, id(1), R"({"a": "\u0062"})"}));
}

TEST(ClientFrame, RefusesADeepRequest) {
  std::string request = "{}";
  for (int i = 0; i < 40; ++i) request = R"({"a":)" + request + "}";
  EXPECT_FALSE(read_client_frame(write_client_frame(AskFrame{1, id(1), request})));
}

}  // namespace
}  // namespace weir::wire
