#include "weir/json/plain_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::json {
namespace {

TEST(PlainText, EndsBeforeTheFirstByteThatIsNot) {
  for (int value = 0; value < 256; ++value) {
    const char byte = static_cast<char>(value);
    const bool plain = value >= 0x20 && value < 0x80 && byte != '"' && byte != '\\';
    EXPECT_EQ(is_plain(byte), plain) << value;
    for (std::size_t place = 0; place < 20; ++place) {
      // What follows the byte, and differs from it by one, must not count for it.
      for (const char behind : {'a', '!', '#', '[', ']', ' ', '\x7F', byte}) {
        std::string text = std::string(place, '!') + byte + std::string(11, behind);
        const bool goes_on = is_plain(behind);
        const std::size_t end = !plain ? place : goes_on ? text.size() : place + 1;
        for (std::size_t from = 0; from <= place; ++from) {
          ASSERT_EQ(pass_plain(text, from), end) << value << " at " << place << " from " << from;
        }
      }
    }
  }
  EXPECT_EQ(pass_plain("", 0), 0u);
  EXPECT_EQ(pass_plain("abcdefgh", 8), 8u);
}

}  // namespace
}  // namespace weir::json
