#include "weir/wire/completion_request.hpp"

#include <gtest/gtest.h>

namespace weir::wire {
namespace {

constexpr std::string_view question = R"("messages":[{"role":"user","content":"Why?"}])";
constexpr std::string_view tools =
    R"("tools":[{"type":"function","function":{"name":"add","description":"Adds.",)"
    R"("parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"now"}}])";

std::string with(std::string_view members) {
  return "{" + std::string(question) + "," + std::string(members) + "}";
}

CompletionRequest read(const std::string& json) {
  const auto request = read_completion_request(json);
  if (!request) {
    ADD_FAILURE() << json << ": " << request.error().message;
    return {};
  }
  return *request;
}

Error error_of(const std::string& json) {
  const auto request = read_completion_request(json);
  if (request) ADD_FAILURE() << json << " was read";
  return request ? Error{} : request.error();
}

TEST(CompletionRequest, SaysHowTheAnswerIsToBeWritten) {
  const prompt::Generation generation =
      read(with(R"("temperature":0.25,"top_p":1e0,"frequency_penalty":-2,"presence_penalty":1,)"
                R"("seed":-7,"max_completion_tokens":99,"stop":["a","b"],)"
                R"("reasoning_effort":"low","response_format":{"type":"json_object"})"))
          .chat.generation;
  EXPECT_EQ(generation.temperature, "0.25");
  EXPECT_EQ(generation.top_p, "1e0");
  EXPECT_EQ(generation.frequency_penalty, "-2");
  EXPECT_EQ(generation.presence_penalty, "1");
  EXPECT_EQ(generation.seed, "-7");
  EXPECT_EQ(generation.answer_tokens, 99U);
  EXPECT_EQ(generation.stop, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(generation.reasoning_effort, "low");
  EXPECT_EQ(generation.format, prompt::Generation::Format::json_object);
}

TEST(CompletionRequest, TakesTheOlderNameOfTheLimit) {
  EXPECT_EQ(read(with(R"("max_tokens":5)")).chat.generation.answer_tokens, 5U);
  EXPECT_EQ(read(with(R"("max_tokens":5,"max_completion_tokens":6)")).chat.generation.answer_tokens,
            6U);
}

TEST(CompletionRequest, TakesASchema) {
  const prompt::Generation generation =
      read(with(R"("response_format":{"type":"json_schema","json_schema":{"name":"n",)"
                R"("schema":{"type":"object"},"strict":true}})"))
          .chat.generation;
  EXPECT_EQ(generation.format_name, "n");
  EXPECT_EQ(generation.format_schema, R"({"type":"object"})");
  EXPECT_TRUE(generation.format_strict);
}

TEST(CompletionRequest, OffersTools) {
  const auto chat =
      read(with(std::string(tools) + R"(,"tool_choice":{"type":"function","function":)"
                                     R"({"name":"add"}},"parallel_tool_calls":false)"))
          .chat;
  ASSERT_EQ(chat.tools.size(), 2U);
  EXPECT_EQ(chat.tools[0], (prompt::Tool{"add", "Adds.", R"({"type":"object"})", true}));
  EXPECT_EQ(chat.tools[1], (prompt::Tool{"now", "", "", false}));
  EXPECT_EQ(chat.tool_choice.mode, prompt::ToolChoice::Mode::named);
  EXPECT_EQ(chat.tool_choice.name, "add");
  EXPECT_FALSE(chat.tool_choice.parallel);
}

TEST(CompletionRequest, GoesOnBehindCallsOfTools) {
  const auto chat =
      read(R"({"messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":null,)"
           R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"add",)"
           R"("arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1",)"
           R"("content":[{"type":"text","text":"2"}]}]})")
          .chat;
  EXPECT_EQ(chat.question(), "Why?");
  EXPECT_EQ(chat.messages[1].tool_calls, (std::vector<prompt::ToolCall>{{"c1", "add", "{}"}}));
  EXPECT_EQ(chat.messages[2].tool_call_id, "c1");
  EXPECT_EQ(chat.messages[2].content, "2");
}

TEST(CompletionRequest, PassesOverWhatChangesNothing) {
  read(with(R"("user":"u","metadata":{},"store":true,"service_tier":"auto","logprobs":false,)"
            R"("top_logprobs":0,"logit_bias":{},"temperature":null,"tools":null,"stop":null)"));
}

TEST(CompletionRequest, NamesWhatIsWrong) {
  const std::pair<std::string, std::string_view> cases[] = {
      {R"("temperature":2.5)", "temperature must be a number from 0 to 2."},
      {R"("temperature":"1")", "temperature must be a number from 0 to 2."},
      {R"("top_p":-1)", "top_p must be a number from 0 to 1."},
      {R"("seed":1.5)", "seed must be a whole number."},
      {R"("max_tokens":0)", "max_tokens must be a whole number, from 1."},
      {R"("stop":[1])", "stop must be a string."},
      {R"("reasoning_effort":"much")",
       "reasoning_effort must be none, minimal, low, medium, high or xhigh."},
      {R"("response_format":{"type":"xml"})",
       "response_format.type must be text, json_object or json_schema."},
      {R"("tools":[{"type":"custom"}])", "tools[0] must be a tool of the type function."},
      {R"("tools":[{"type":"function","function":{"name":"a b"}}])",
       "tools[0].function.name must be letters, digits, _ and -, and at most 64 of them."},
      {R"("tools":[{"type":"function","function":{"name":"a","parameters":[]}}])",
       "tools[0].function.parameters must be a JSON Schema, which is an object."},
      {R"("tool_choice":"required")", "tool_choice must be none or auto where there are no tools."},
      {std::string(tools) + R"(,"tool_choice":{"type":"function","function":{"name":"x"}})",
       "tool_choice must be one of the tools."},
      {R"("n":2)", "n must be 1."},
      {R"("logprobs":true)", "logprobs is not something that this edge can do."},
      {R"("functions":[{}])", "functions is not something that this edge can do."}};
  for (const auto& [members, message] : cases) {
    const Error error = error_of(with(members));
    EXPECT_EQ(error.message, message);
    EXPECT_EQ(error.code, ErrorCode::invalid_request);
  }
}

TEST(CompletionRequest, NamesWhatIsWrongInAMessage) {
  const auto message = [](std::string_view more) {
    return R"({"messages":[{"role":"user","content":"Why?"},)" + std::string(more) + "]}";
  };
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"role":"tool","content":"2"})", "messages[1].tool_call_id is missing."},
      {R"({"role":"assistant"})", "messages[1].content is missing."},
      {R"({"role":"assistant","tool_calls":[{"id":"c","type":"custom"}]})",
       "messages[1].tool_calls[0] must be a call of the type function."},
      {R"({"role":"assistant","tool_calls":[{"type":"function","function":{"name":"a"}}]})",
       "messages[1].tool_calls[0].id is missing."},
      {R"({"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"}]})",
       "messages[1].content[1] is no part of the type text."}};
  for (const auto& [more, expected] : cases) {
    EXPECT_EQ(error_of(message(more)).message, expected);
  }
  EXPECT_EQ(error_of(R"({"messages":[{"role":"system","content":"Be brief."}]})").message,
            "messages must be an array with a message of the role user.");
}

TEST(CompletionRequest, KeepsToItsLimits) {
  limits::Request small;
  small.tools = 1;
  const auto many = read_completion_request(with(tools), small);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, ErrorCode::request_too_large);
  small = {};
  small.tool_bytes = 4;
  const auto large = read_completion_request(with(tools), small);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message, "tools[0].function.description is larger than 4 bytes.");
  small = {};
  small.stop_sequences = 1;
  EXPECT_FALSE(read_completion_request(with(R"("stop":["a","b"])"), small));
}

/// So the fingerprint of a request says all of it.
TEST(CompletionRequest, IsWrittenAsItIsReadBack) {
  const auto chat =
      read(R"({"messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"",)"
           R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"add",)"
           R"("arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"2"}],)" +
           std::string(tools) +
           R"(,"tool_choice":"required","parallel_tool_calls":false,"temperature":0.5,"seed":3,)"
           R"("max_tokens":9,"stop":"x","response_format":{"type":"json_schema","json_schema":)"
           R"({"name":"n","schema":{"a":1}}}})")
          .chat;
  const auto back = read_completion_request(prompt::write_request(chat));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->chat, chat);
}

}  // namespace
}  // namespace weir::wire
