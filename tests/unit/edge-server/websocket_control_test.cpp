#include "websocket_control.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::edge {
namespace {

constexpr WebSocketControl::Waits waits{10s, 30s};
const Instant start(1h);

/// A client's frame in one piece with a mask of zeros, which leaves the payload as it is.
std::string frame(int opcode, std::string_view payload) {
  std::string out;
  out += static_cast<char>(0x80 | opcode);
  out += static_cast<char>(0x80 | payload.size());
  return out.append(4, '\0').append(payload);
}
std::string text(std::string_view payload) {
  return frame(1, payload);
}
const std::string ping_of_ours("\x89\0", 2);

class WebSocketControlTest : public testing::Test {
 protected:
  WebSocketControl control{"head", 100, waits, start};

  std::vector<std::string> texts(std::string_view bytes, Instant now = start) {
    std::vector<std::string> all;
    while (const auto each = control.next_text(bytes, now)) all.emplace_back(*each);
    EXPECT_TRUE(bytes.empty() || control.closing());
    return all;
  }
  std::string sent(Instant now = start) {
    std::string out;
    while (control.append_first(out)) continue;
    while (control.append_last(out, now)) continue;
    return out;
  }
};

TEST_F(WebSocketControlTest, SendsTheHeadFirstAndOnce) {
  EXPECT_EQ(sent(), "head");
  EXPECT_EQ(sent(), "");
}

TEST_F(WebSocketControlTest, GivesTextsAndAnswersTheLastOfThePingsBetween) {
  sent();
  const auto all = texts(text("one") + frame(9, "a") + frame(9, "b") + text("two"));
  EXPECT_EQ(all, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(sent(),
            "\x8a\x01"
            "b");
}

TEST_F(WebSocketControlTest, PingsASilentClientOnceAndThenGivesItUp) {
  sent();
  EXPECT_EQ(control.deadline(), start + 10s);
  EXPECT_EQ(sent(start + 9s), "");
  EXPECT_EQ(sent(start + 10s), ping_of_ours);
  EXPECT_EQ(sent(start + 11s), "");
  EXPECT_EQ(control.deadline(), start + 30s);
  EXPECT_EQ(sent(start + 30s), "\x88\x02\x03\xe9");
  EXPECT_TRUE(control.finished());
}

TEST_F(WebSocketControlTest, TakesAnyByteForALifeSign) {
  sent();
  sent(start + 10s);
  texts(frame(10, ""), start + 12s);
  EXPECT_EQ(control.deadline(), start + 22s);
}

TEST_F(WebSocketControlTest, AnswersACloseAndHearsNothingBehindIt) {
  sent();
  EXPECT_TRUE(texts(frame(8, "\x03\xe8") + text("late")).empty());
  EXPECT_TRUE(control.closing());
  EXPECT_EQ(sent(), "\x88\x02\x03\xe8");
  EXPECT_EQ(sent(), "");
}

TEST_F(WebSocketControlTest, ClosesForTheFirstReason) {
  sent();
  texts(text(std::string(101, 'x')));
  control.close(CloseCode::normal);
  EXPECT_EQ(sent(), "\x88\x02\x03\xf1") << "1009: too large";
}

}  // namespace
}  // namespace weir::edge
