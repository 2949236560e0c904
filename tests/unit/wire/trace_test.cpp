#include "weir/wire/trace.hpp"

#include <gtest/gtest.h>

namespace weir::wire {
namespace {

constexpr std::string_view example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, GoesBothWays) {
  const auto trace = read_traceparent(example);
  ASSERT_TRUE(trace);
  EXPECT_EQ(to_hex(trace->id), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace->flags, 1);
  EXPECT_EQ(write_traceparent(*trace, 0x00f067aa0ba902b7), example);
  EXPECT_EQ(write_traceparent({trace->id, 2}, 1).substr(36), "0000000000000001-00");
}

TEST(Traceparent, ReadsLaterVersionsAsFarAsThisOneGoes) {
  std::string later(example);
  later[1] = '1';
  EXPECT_TRUE(read_traceparent(later));
  EXPECT_TRUE(read_traceparent(later + "-more"));
  EXPECT_FALSE(read_traceparent(later + "more"));
  EXPECT_FALSE(read_traceparent(std::string(example) + "-more"));
}

TEST(Traceparent, PassesOverWhatIsNone) {
  EXPECT_FALSE(read_traceparent(""));
  EXPECT_FALSE(read_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  EXPECT_FALSE(read_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
  EXPECT_FALSE(read_traceparent("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  EXPECT_FALSE(read_traceparent("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
  for (std::size_t i = 0; i < example.size(); ++i) {
    std::string broken(example);
    broken[i] = 'x';
    EXPECT_FALSE(read_traceparent(broken)) << broken;
    EXPECT_FALSE(read_traceparent(example.substr(0, i)));
  }
}

}  // namespace
}  // namespace weir::wire
