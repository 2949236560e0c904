#include "websocket_reader.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace weir::edge {
namespace {

using Kind = WebSocketReader::Message::Kind;

constexpr std::size_t text_bytes_most = 1000;

/// A frame as a client sends it. `first` is its first byte.
std::string frame(int first, std::string_view payload, std::uint32_t mask = 0x12345678) {
  std::string out(1, static_cast<char>(first));
  const auto append = [&](std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  };
  if (payload.size() < 126) {
    append(0x80 | payload.size(), 1);
  } else if (payload.size() < 0x10000) {
    append(0x80 | 126, 1);
    append(payload.size(), 2);
  } else {
    append(0x80 | 127, 1);
    append(payload.size(), 8);
  }
  append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ static_cast<char>(mask >> (8 * (3 - i % 4)) & 0xFF));
  }
  return out;
}

struct Seen {
  Kind kind;
  std::string payload;
  friend bool operator==(const Seen&, const Seen&) = default;
};

struct Outcome {
  std::vector<Seen> messages;
  std::optional<CloseCode> error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Reads the bytes in pieces of this size.
Outcome read(std::string_view bytes, std::size_t piece = SIZE_MAX) {
  WebSocketReader reader(text_bytes_most);
  Outcome outcome;
  while (!bytes.empty()) {
    std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    while (const auto message = reader.next(part)) {
      outcome.messages.push_back({message->kind, std::string(message->payload)});
    }
    EXPECT_TRUE(reader.error() || part.empty());
  }
  outcome.error = reader.error();
  return outcome;
}

std::optional<CloseCode> error_of(std::string_view bytes) {
  return read(bytes).error;
}

TEST(WebSocketReader, ReadsTheSameHoweverTheBytesAreCut) {
  const std::string long_text(700, 'x');
  const std::string bytes = frame(0x81, "hello") + frame(0x01, "gr\xC3") + frame(0x89, "are you?") +
                            frame(0x00, "\xBC\xC3\x9F") + frame(0x80, "e") +
                            frame(0x81, long_text, 0xFF00FF00) + frame(0x8A, "") + frame(0x81, "") +
                            frame(0x88, "\x03\xE8gone");
  const Outcome whole = read(bytes);
  const std::vector<Seen> expected = {{Kind::text, "hello"},
                                      {Kind::ping, "are you?"},
                                      {Kind::text,
                                       "gr\xC3\xBC\xC3\x9F"
                                       "e"},
                                      {Kind::text, long_text},
                                      {Kind::pong, ""},
                                      {Kind::text, ""},
                                      {Kind::close, "\x03\xE8gone"}};
  EXPECT_EQ(whole.messages, expected);
  EXPECT_EQ(whole.error, std::nullopt);
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(read(bytes, piece), whole) << piece;
}

TEST(WebSocketReader, TakesAPayloadOfAnyLengthItsMaskInPlace) {
  for (std::size_t size = 0; size <= text_bytes_most; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    const Outcome outcome = read(frame(0x81, text, 0xA1B2C3D4), 7);
    ASSERT_EQ(outcome.messages.size(), 1U) << size;
    EXPECT_EQ(outcome.messages[0].payload, text);
  }
}

TEST(WebSocketReader, RefusesATextThatIsTooLargeBeforeItHasCome) {
  EXPECT_EQ(error_of(frame(0x81, std::string(1001, 'x')).substr(0, 8)), CloseCode::message_too_big);
  const std::string half(600, 'x');
  EXPECT_EQ(error_of(frame(0x01, half) + frame(0x80, half)), CloseCode::message_too_big);
  const std::string endless =
      "\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
      "mask";
  EXPECT_EQ(error_of(endless), CloseCode::message_too_big);
}

TEST(WebSocketReader, RefusesTextThatIsNoUtf8) {
  EXPECT_EQ(error_of(frame(0x81, "\xC3(")), CloseCode::invalid_text);
  EXPECT_EQ(error_of(frame(0x01, "\xC3") + frame(0x80, "(")), CloseCode::invalid_text);
  EXPECT_EQ(error_of(frame(0x88, "\x03\xE8\xFF")), CloseCode::invalid_text);
}

TEST(WebSocketReader, RefusesWhatTheProtocolForbids) {
  const CloseCode wrong = CloseCode::protocol_error;
  EXPECT_EQ(error_of("\x81\x05hello"), wrong) << "not masked";
  EXPECT_EQ(error_of(frame(0xC1, "x")), wrong) << "a reserved bit";
  EXPECT_EQ(error_of(frame(0x83, "x")), wrong) << "an unknown kind of frame";
  EXPECT_EQ(error_of(frame(0x8B, "x")), wrong) << "an unknown control frame";
  EXPECT_EQ(error_of(frame(0x80, "x")), wrong) << "nothing to continue";
  EXPECT_EQ(error_of(frame(0x01, "x") + frame(0x81, "y")), wrong) << "a message within a message";
  EXPECT_EQ(error_of(frame(0x09, "x")), wrong) << "a control frame in parts";
  EXPECT_EQ(error_of(frame(0x89, std::string(126, 'x'))), wrong) << "a large control frame";
  EXPECT_EQ(error_of(frame(0x88, "\x03")), wrong) << "half a code";
  EXPECT_EQ(error_of(frame(0x88, "\x03\xED")), wrong) << "1005 is never sent";
  EXPECT_EQ(error_of(frame(0x88, {"\x00\x01", 2})), wrong) << "a code of nobody's";
  EXPECT_EQ(error_of({"\x81\xFE\x00\x05mask", 8}), wrong) << "a size longer than it need be";
  EXPECT_EQ(error_of({"\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFFmask", 14}), wrong) << "the same";
  EXPECT_EQ(error_of({"\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x00mask", 14}), wrong) << "64 bits";
  EXPECT_EQ(error_of(frame(0x82, "x")), CloseCode::unsupported_data);
}

TEST(WebSocketReader, ReadsNothingBehindAnError) {
  const Outcome outcome = read(frame(0x81, "a") + frame(0x82, "b") + frame(0x81, "c"));
  EXPECT_EQ(outcome.messages, (std::vector<Seen>{{Kind::text, "a"}}));
  EXPECT_EQ(outcome.error, CloseCode::unsupported_data);
}

TEST(WebSocketFrames, SayTheirSizeInTheShortestForm) {
  const auto head = [](std::size_t size) {
    std::string out;
    append_text_head(out, size);
    return out;
  };
  EXPECT_EQ(head(0), std::string("\x81\x00", 2));
  EXPECT_EQ(head(125), "\x81\x7D");
  EXPECT_EQ(head(126), std::string("\x81\x7E\x00\x7E", 4));
  EXPECT_EQ(head(0xFFFF), "\x81\x7E\xFF\xFF");
  EXPECT_EQ(head(0x10000), std::string("\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST(WebSocketFrames, OfControlAreWhole) {
  std::string out;
  append_close(out, CloseCode::going_away);
  append_pong(out, "hi");
  append_ping(out);
  EXPECT_EQ(out, std::string("\x88\x02\x03\xE9\x8A\x02hi\x89\x00", 10));
}

}  // namespace
}  // namespace weir::edge
