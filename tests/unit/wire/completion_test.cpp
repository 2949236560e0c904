#include "weir/wire/completion.hpp"

#include <gtest/gtest.h>

#include "weir/json/json.hpp"
#include "weir/wire/completion_request.hpp"

namespace weir::wire {
namespace {

CompletionHead about() {
  CompletionHead head;
  head.id.bytes.fill(0xab);
  head.model = "a \"model\"";
  head.unix_seconds = 1700000000;
  return head;
}

json::Value parsed(std::string_view text) {
  const auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

/// The data of each event; a stream holds nothing else.
std::vector<std::string> events(std::string_view stream) {
  std::vector<std::string> all;
  constexpr std::string_view begin = "data: ";
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    EXPECT_EQ(stream.substr(0, begin.size()), begin);
    if (end == stream.npos) break;
    all.emplace_back(stream.substr(begin.size(), end - begin.size()));
    stream.remove_prefix(end + 2);
  }
  return all;
}

TEST(CompletionChunks, BeginWithTheRoleAndEndWithDone) {
  CompletionChunks chunks(about());
  std::string out;
  chunks.append_text(out, "Hi\n\"you\"", false);
  chunks.append_end(out, "length", std::nullopt);
  const auto all = events(out);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0],
            R"({"id":"chatcmpl-abababababababababababababababab","object":"chat.completion.chunk",)"
            R"("created":1700000000,"model":"a \"model\"","choices":[{"index":0,)"
            R"("delta":{"role":"assistant","content":""},"finish_reason":null}]})");
  EXPECT_EQ(parsed(all[1])["choices"][0]["delta"]["content"], "Hi\n\"you\"");
  EXPECT_EQ(parsed(all[2])["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(parsed(all[2])["choices"][0]["delta"], json::Value::object());
  EXPECT_EQ(all[3], "[DONE]");
}

TEST(CompletionChunks, TellTheUsageApart) {
  CompletionChunks chunks(about());
  std::string out;
  chunks.append_end(out, "stop", stream::Usage{3, 4});
  const json::Value usage = parsed(events(out)[2]);
  EXPECT_EQ(usage["choices"], json::Value::array());
  EXPECT_EQ(json::write(usage["usage"]),
            R"({"prompt_tokens":3,"completion_tokens":4,"total_tokens":7})");
}

TEST(CompletionChunks, NameAToolCallOnce) {
  CompletionChunks chunks(about());
  std::string out;
  chunks.append_tool_call(out, {1, "call_1", "add", ""});
  chunks.append_tool_call(out, {1, "", "", "{\"a\""});
  const auto all = events(out);
  const auto call = [&](std::size_t at) {
    return json::write(parsed(all[at])["choices"][0]["delta"]["tool_calls"]);
  };
  EXPECT_EQ(call(1), R"([{"index":1,"id":"call_1","type":"function",)"
                     R"("function":{"arguments":"","name":"add"}}])");
  EXPECT_EQ(call(2), R"([{"index":1,"function":{"arguments":"{\"a\""}}])");
}

TEST(WholeCompletion, PutsTheEventsTogether) {
  WholeCompletion whole;
  whole.add_text("Hm.", true);
  whole.add_text("Hi ", false);
  whole.add_text("there", false);
  const json::Value value = parsed(whole.write(about(), "stop", stream::Usage{3, 4}));
  EXPECT_EQ(value["object"], "chat.completion");
  const json::Value& message = value["choices"][0]["message"];
  EXPECT_EQ(message["content"], "Hi there");
  EXPECT_EQ(message["reasoning_content"], "Hm.");
  EXPECT_FALSE(message.contains("tool_calls"));
  EXPECT_EQ(value["usage"]["total_tokens"], 7);
}

TEST(WholeCompletion, JoinsThePiecesOfToolCalls) {
  WholeCompletion whole;
  whole.add_tool_call({0, "call_1", "add", "{\"a\""});
  whole.add_tool_call({1, "call_2", "sub", "{}"});
  whole.add_tool_call({0, "", "", ":1}"});
  const json::Value value = parsed(whole.write(about(), "tool_calls", std::nullopt));
  const json::Value& message = value["choices"][0]["message"];
  EXPECT_TRUE(message["content"].is_null());
  EXPECT_EQ(message["tool_calls"].size(), 2U);
  EXPECT_EQ(message["tool_calls"][0]["function"]["arguments"], "{\"a\":1}");
  EXPECT_FALSE(value.contains("usage"));
}

TEST(CompletionError, HasOpenAisCodesAndStatus) {
  stream::Failed failed;
  failed.error = {ErrorCode::context_too_long, "Too long.", "Shorten it."};
  EXPECT_EQ(write_completion_error(failed),
            R"({"error":{"message":"Too long. Shorten it.","type":"invalid_request_error",)"
            R"("param":null,"code":"context_length_exceeded"}})");
  EXPECT_EQ(completion_status(ErrorCode::context_too_long), 400);
  EXPECT_EQ(completion_status(ErrorCode::provider_auth), 401);
  EXPECT_EQ(completion_status(ErrorCode::provider_model_missing), 404);
  EXPECT_EQ(completion_status(ErrorCode::provider_quota), 429);
  EXPECT_EQ(completion_status(ErrorCode::provider_timeout), 504);
}

TEST(ReadCompletionRequest, ReadsWhatIsOpenAisOwn) {
  const auto plain = read_completion_request(R"({"messages":[{"role":"user","content":"Why?"}]})");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->streams);
  EXPECT_TRUE(plain->chat.is_plain());
  const auto full = read_completion_request(
      R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"n":1,)"
      R"("temperature":0.5,"messages":[{"role":"user","content":"Why?"}]})");
  ASSERT_TRUE(full) << full.error().message;
  EXPECT_TRUE(full->streams);
  EXPECT_TRUE(full->includes_usage);
  EXPECT_EQ(full->chat.model, "m");
}

TEST(ReadCompletionRequest, NamesWhatIsWrong) {
  const auto error = [](std::string_view member) {
    const auto read = read_completion_request(R"({"messages":[{"role":"user","content":"Why?"}],)" +
                                              std::string(member) + "}");
    return read ? "" : read.error().message;
  };
  EXPECT_EQ(error(R"("stream":"yes")"), "stream must be true or false.");
  EXPECT_EQ(error(R"("n":2)"), "n must be 1.");
  EXPECT_EQ(error(R"("stream":null,"n":null,"stream_options":null)"), "");
}

/// Gemini and Ollama have no use for them, OpenAI's clients do.
TEST(Completions, GiveCallsIdsWhereTheirProviderGaveNone) {
  const stream::ToolCall call{1, "", "search", "{}"};
  const std::string id = tool_call_id(about().id, 1);
  std::string chunks;
  CompletionChunks writer(about());
  writer.append_tool_call(chunks, call);
  writer.append_tool_call(chunks, {1, "", "", "more"});
  EXPECT_NE(chunks.find("\"id\":\"" + id + "\",\"type\":\"function\""), std::string::npos);
  EXPECT_EQ(chunks.find(id), chunks.rfind(id)) << "once";
  WholeCompletion whole;
  whole.add_tool_call(call);
  EXPECT_NE(whole.write(about(), "tool_calls", std::nullopt).find(id), std::string::npos);
}

}  // namespace
}  // namespace weir::wire
