#include <gtest/gtest.h>

#include "weir/sse/parser.hpp"
#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

std::optional<stream::Entry> through_sse(const stream::Entry& entry) {
  std::string text;
  append_sse(text, entry);
  sse::Parser parser(1 << 20);
  parser.feed(text);
  const auto message = parser.next();
  if (!message) return std::nullopt;
  const auto back = read_sse(message->event, message->id, message->data);
  return back ? *back : std::nullopt;
}

TEST(Sse, CarriesEventsBothWays) {
  for (const stream::Entry& entry :
       {stream::Entry{1, stream::Accepted{}}, stream::Entry{2, stream::Delta{"a\nb\r\nc"}},
        stream::Entry{0, stream::Gap{5}}, stream::Entry{9, stream::Done{"stop"}}}) {
    EXPECT_EQ(through_sse(entry), entry);
  }
}

TEST(Sse, LooksAsTheProtocolSays) {
  std::string out;
  append_sse(out, {3, stream::Delta{"Hi"}});
  EXPECT_EQ(out, "event: delta\nid: 3\ndata: {\"text\":\"Hi\"}\n\n");
}

TEST(Sse, PassesOverUnknownTypes) {
  const auto entry = read_sse("confetti", "3", "{}");
  ASSERT_TRUE(entry);
  EXPECT_FALSE(*entry);
}

TEST(Sse, TakesAForeignIdForNone) {
  for (const char* id : {"", "x", "-1", "1.5", "99999999999999999999999"}) {
    const auto entry = read_sse("delta", id, R"({"text":"a"})");
    ASSERT_TRUE(entry && *entry);
    EXPECT_EQ((*entry)->cursor, 0U) << id;
  }
}

TEST(Sse, RefusesDataThatIsNoJson) {
  EXPECT_FALSE(read_sse("delta", "1", "Hi"));
}

TEST(WriteEvent, GivesOneObject) {
  EXPECT_EQ(write_event({3, stream::Delta{"Hi"}}), R"({"type":"delta","cursor":3,"text":"Hi"})");
  EXPECT_EQ(write_event({0, stream::Gap{4}}), R"({"type":"gap","kept_from":4})");
}

}  // namespace
}  // namespace weir::wire
