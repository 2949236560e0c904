#include "weir/provider/openai_plain_chunk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/random.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {
namespace {

/// As api.openai.com writes it.
std::string chunk(std::string_view choices, std::string_view usage = "null") {
  std::string data =
      R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m",)"
      R"("service_tier":"default","system_fingerprint":"fp_1","choices":)";
  data.append(choices).append(",\"usage\":").append(usage);
  return data + R"(,"obfuscation":"a1"})";
}

const std::string first =
    chunk(R"([{"index":0,"delta":{"role":"assistant","content":"","refusal":null},)"
          R"("logprobs":null,"finish_reason":null}])");
const std::string ordinary =
    chunk(R"([{"index":0,"delta":{"content":"Hi \u20ac"},"logprobs":null,"finish_reason":null}])");
const std::string finish = chunk(R"([{"index":0,"delta":{},"finish_reason":"stop"}])");
const std::string usage = chunk("[]", R"({"prompt_tokens":11,"completion_tokens":7,)"
                                      R"("prompt_tokens_details":{"cached_tokens":3}})");
const std::string turned =
    R"({"usage":{"prompt_tokens":7},"choices":[{"delta":{"content":"Hi"}}]})";
const std::string all =
    chunk(R"([{"delta":{"content":"Hi"},"finish_reason":"length","native_finish_reason":"max"}])",
          R"({"completion_tokens":4294967295})");

TEST(PlainChunk, IsTheTextOfAnOrdinaryChunk) {
  const auto read = PlainChunkReader().read(ordinary);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, "Hi \xE2\x82\xAC");
  EXPECT_EQ(read->finish_reason, "");
  EXPECT_FALSE(read->usage);
}

TEST(PlainChunk, IsWhatBeginsAndEndsAnAnswer) {
  auto read = PlainChunkReader().read(first);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text + read->finish_reason, "");
  read = PlainChunkReader().read(finish);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->finish_reason, "stop");
  read = PlainChunkReader().read(usage);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->usage, (stream::Usage{11, 7}));
  read = PlainChunkReader().read(all);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, "Hi");
  EXPECT_EQ(read->finish_reason, "length");
  EXPECT_EQ(read->usage, (stream::Usage{0, 4294967295}));
}

TEST(PlainChunk, IsNoChunkThatSaysMore) {
  for (const char* data : {R"({"choices":{}})",
                           R"({"choices":[{"index":1,"delta":{}}]})",
                           R"({"choices":[{"index":0,"delta":{},"finish_reason":"error"}]})",
                           R"({"choices":[{"index":0,"delta":{},"finish_reason":1}]})",
                           R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]})",
                           R"({"choices":[{"delta":{"content":"a","content":"b"}}]})",
                           R"({"choices":[{"finish_reason":"stop","finish_reason":null}]})",
                           R"({"choices":[],"choices":[]})",
                           R"({"usage":{},"usage":null})",
                           R"({"choices":[{"delta":{"reasoning":"hm"}}]})",
                           R"({"choices":[{"message":{}}]})",
                           R"({"choices":[{"delta":{"reasoning_content":"hm"}}]})",
                           R"({"choices":[{"delta":{"refusal":"no"}}]})",
                           R"({"choices":[{"delta":{"content":1}}]})",
                           R"({"choices":[{"delta":{"tool_calls":[]}}]})",
                           R"({"choices":[{"delta":[]}]})",
                           R"({"error":{},"choices":[{"delta":{"content":"a"}}]})",
                           R"({"usage":1})",
                           R"({"usage":{"prompt_tokens":1.0}})",
                           R"({"usage":{"prompt_tokens":-1}})",
                           R"({"usage":{"prompt_tokens":4294967296}})",
                           R"({"usage":{"prompt_tokens":1,"prompt_tokens":2}})",
                           R"({"choices":[{"delta":{"content":"a"}}]} x)",
                           "[DONE]",
                           "",
                           "{"}) {
    EXPECT_FALSE(PlainChunkReader().read(data)) << data;
  }
}

TEST(PlainChunk, ReadsOnlyTheTextOfAChunkLikeTheLast) {
  PlainChunkReader reader;
  const std::string before = R"({"choices":[{"delta":{"content":)";
  const std::string behind = R"(},"finish_reason":null}]})";
  const auto read = [&](const std::string& content) {
    const auto read_chunk = reader.read(before + content + behind);
    if (!read_chunk) return std::string("(not plain)");
    return read_chunk->text + read_chunk->finish_reason;
  };
  EXPECT_EQ(read("\"one\""), "one");
  EXPECT_EQ(read("\"two\""), "two");
  EXPECT_EQ(read(R"("\n\u20ac")"), "\n\xE2\x82\xAC");
  EXPECT_EQ(read(R"("")"), "");
  EXPECT_EQ(read("null"), "");
  EXPECT_EQ(read(R"("a","content":"b")"), "(not plain)");
  EXPECT_EQ(read(R"("a"},"finish_reason":"stop","delta":{"content":"b")"), "(not plain)");
  EXPECT_EQ(read(R"("a"},"x":{"content":"b")"), "a");
  EXPECT_EQ(read(R"("a" "b")"), "(not plain)");
  EXPECT_EQ(read("\"\xff\""), "(not plain)");
  EXPECT_EQ(read(R"("\ud800")"), "(not plain)");
  EXPECT_EQ(read("\"three\""), "three");
}

TEST(PlainChunk, NeverRepeatsAFinishReasonOrAUsage) {
  PlainChunkReader reader;
  const auto said = [&](std::string_view data) {
    const auto read = reader.read(data);
    return read && read->finish_reason == "length" && read->usage.has_value();
  };
  EXPECT_TRUE(said(all));
  EXPECT_TRUE(said(all));
  EXPECT_FALSE(said(ordinary));
  EXPECT_FALSE(said(ordinary));
  EXPECT_TRUE(said(all));
}

TEST(PlainChunk, BeginsAsTheLastDidAndMayGoOnOtherwise) {
  PlainChunkReader reader;
  const std::string before = R"({"id":"a","choices":)";
  const auto read = [&](const std::string& data) {
    const auto chunk = reader.read(data);
    return chunk ? chunk->text + chunk->finish_reason + (chunk->usage ? "u" : "") : "(not plain)";
  };
  EXPECT_EQ(read(before + R"([{"delta":{"content":""}}]})"), "");
  EXPECT_EQ(read(before + R"([],"usage":{}})"), "u");
  EXPECT_EQ(read(before + R"([{"delta":{"content":"x"}}]})"), "x");
  EXPECT_EQ(read(before + R"([{"finish_reason":"stop"}]})"), "stop");
  EXPECT_EQ(read(before + R"([],"choices":[]})"), "(not plain)");
  EXPECT_EQ(read(before + R"([],"error":{}})"), "(not plain)");
  EXPECT_EQ(read(before + "[]"), "(not plain)");
  EXPECT_EQ(read(before), "(not plain)");
  EXPECT_EQ(read(R"({"id":"b","choices":[{"delta":{"content":"y"}}]})"), "y");
}

TEST(PlainChunk, BeginsWithWhatCountsInEachChunkAnew) {
  PlainChunkReader reader;
  const std::string before = R"({"usage":{"prompt_tokens":7},"choices":)";
  for (int i = 0; i < 3; ++i) {
    const auto chunk = reader.read(before + R"([{"delta":{"content":"x"}}]})");
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->usage, (stream::Usage{7, 0}));
  }
}

/// A named message is read in full, an unnamed one in the short way where that is open. `cut`: so
/// many bytes come first.
std::vector<stream::Event> events_of(const std::vector<std::string>& chunks, bool named,
                                     std::size_t cut = 0) {
  Provider openai;
  openai.name = "openai";
  openai.kind = Provider::Kind::openai;
  const auto codec = std::move(start(openai, {}, {}, {}).codec);
  std::string bytes;
  for (const std::string& data : chunks) {
    bytes.append(named ? "event: message\n" : "").append("data: ").append(data).append("\n\n");
  }
  std::vector<stream::Event> out;
  codec->head(200, {{"content-type", "text/event-stream"}}, out);
  codec->bytes(std::string_view(bytes).substr(0, cut), out);
  codec->bytes(std::string_view(bytes).substr(std::min(cut, bytes.size())), out);
  codec->end(true, out);
  return out;
}

TEST(PlainChunk, MakesTheSameEventsWhereverItsBytesAreCut) {
  const std::vector<std::string> chunks = {first, ordinary, ordinary, finish, usage, "[DONE]"};
  const std::vector<stream::Event> events = {stream::Delta{"Hi \xE2\x82\xAC"},
                                             stream::Delta{"Hi \xE2\x82\xAC"}, stream::Usage{11, 7},
                                             stream::Done{"stop"}};
  EXPECT_EQ(events_of(chunks, true), events);
  for (std::size_t cut = 0; cut < 1500; ++cut) ASSERT_EQ(events_of(chunks, false, cut), events);
}

/// A chunk with some of its bytes replaced by what means something in a chunk.
std::string edited(std::string data, Random& random) {
  const std::string_view parts[] = {
      "\"",         "{",       "}",       "[",      "]",    ",",    ":",
      "null",       "0",       "1",       "\\",     "\\u",  "\xC3", "\xE2\x82\xAC",
      "-1",         "content", "choices", "\"a\":", "true", "1e99", "error",
      "\"usage\":", "message", "refusal", ""};
  for (std::uint64_t edits = random.below(4); edits > 0; --edits) {
    const auto at = static_cast<std::size_t>(random.below(data.size() + 1));
    const auto length = static_cast<std::size_t>(random.below(random.one_in(4) ? 40 : 2));
    data.replace(at, std::min(length, data.size() - at),
                 parts[static_cast<std::size_t>(random.below(std::size(parts)))]);
  }
  return data;
}

TEST(PlainChunk, ReadsWhatTheFullReadingReads) {
  Random random(3);
  for (const std::string& data : {first, ordinary, finish, usage, turned, all}) {
    for (int round = 0; round < 3'000; ++round) {
      // Each may be read like the one before it.
      const std::vector<std::string> chunks = {random.one_in(2) ? first : data,
                                               random.one_in(2) ? ordinary : data,
                                               edited(data, random)};
      ASSERT_EQ(events_of(chunks, false), events_of(chunks, true)) << chunks[2];
    }
  }
}

}  // namespace
}  // namespace weir::provider
