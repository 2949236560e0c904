#include "weir/provider/openai_plain_delta.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "weir/base/random.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {
namespace {

constexpr std::string_view chunk =
    R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","service_tier":)"
    R"("default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"Hi \u20ac"},)"
    R"("logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"a1"})";

TEST(PlainDelta, IsTheTextOfAnOrdinaryChunk) {
  std::string text;
  EXPECT_TRUE(PlainDeltaReader().read(chunk, text));
  EXPECT_EQ(text, "Hi \xE2\x82\xAC");
}

TEST(PlainDelta, IsNoChunkThatSaysMore) {
  for (const char* data :
       {R"({"choices":[]})", R"({"choices":null})", R"({"choices":[{"index":1,"delta":{}}]})",
        R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
        R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]})",
        R"({"choices":[{"delta":{"content":"a","content":"b"}}]})",
        R"({"choices":[{"delta":{"reasoning":"hm"}}]})", R"({"choices":[{"message":{}}]})",
        R"({"choices":[{"delta":{"tool_calls":[]}}]})", R"({"choices":[{}]})",
        R"({"error":{},"choices":[{"delta":{"content":"a"}}]})",
        R"({"usage":{},"choices":[{"delta":{"content":"a"}}]})",
        R"({"choices":[{"delta":{"content":"a"}}]} x)", "[DONE]", "", "{"}) {
    std::string text;
    EXPECT_FALSE(PlainDeltaReader().read(data, text)) << data;
  }
}

TEST(PlainDelta, ReadsOnlyTheTextOfAChunkLikeTheLast) {
  PlainDeltaReader reader;
  const std::string before = R"({"choices":[{"delta":{"content":)";
  const std::string behind = R"(},"finish_reason":null}]})";
  const auto read = [&](const std::string& content) {
    std::string text;
    return reader.read(before + content + behind, text) ? text : "(not plain)";
  };
  EXPECT_EQ(read("\"one\""), "one");
  EXPECT_EQ(read("\"two\""), "two");
  EXPECT_EQ(read(R"("\n\u20ac")"), "\n\xE2\x82\xAC");
  EXPECT_EQ(read(R"("")"), "");
  EXPECT_EQ(read("null"), "");
  EXPECT_EQ(read(R"("a","content":"b")"), "(not plain)");
  EXPECT_EQ(read(R"("a"},"finish_reason":"stop","delta":{"content":"b")"), "(not plain)");
  EXPECT_EQ(read(R"("a" "b")"), "(not plain)");
  EXPECT_EQ(read("\"\xff\""), "(not plain)");
  EXPECT_EQ(read(R"("\ud800")"), "(not plain)");
  EXPECT_EQ(read("\"three\""), "three");
}

/// A named message is read in full, an unnamed one in the short way where that is open.
std::vector<stream::Event> events_of(std::string_view data, bool named) {
  Provider openai;
  openai.name = "openai";
  openai.kind = Provider::Kind::openai;
  const auto codec = std::move(start(openai, {}, {}, {}).codec);
  std::vector<stream::Event> out;
  codec->head(200, {{"content-type", "text/event-stream"}}, out);
  const std::string begin = named ? "event: message\ndata: " : "data: ";
  codec->bytes(begin + std::string(chunk) + "\n\n", out);  // the next may be read like this one
  codec->bytes(begin + std::string(data) + "\n\n", out);
  codec->end(true, out);
  return out;
}

TEST(PlainDelta, ReadsWhatTheFullReadingReads) {
  const std::string_view parts[] = {
      "\"",      "{",       "}",      "[",    "]",    ",",     ":",
      "null",    "0",       "1",      "\\",   "\\u",  "\xC3",  "\xE2\x82\xAC",
      "content", "choices", "\"a\":", "true", "1e99", "error", ""};
  Random random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string data(chunk);
    for (std::uint64_t edits = random.below(4); edits > 0; --edits) {
      const auto at = static_cast<std::size_t>(random.below(data.size() + 1));
      const auto length = static_cast<std::size_t>(random.below(random.one_in(4) ? 40 : 2));
      data.replace(at, std::min(length, data.size() - at),
                   parts[static_cast<std::size_t>(random.below(std::size(parts)))]);
    }
    ASSERT_EQ(events_of(data, false), events_of(data, true)) << data;
  }
}

}  // namespace
}  // namespace weir::provider
