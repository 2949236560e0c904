#include "weir/base/base64.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string written(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

/// RFC 4648, section 10.
TEST(Base64, IsThatOfTheStandard) {
  constexpr std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                       {"f", "Zg=="},
                                                                       {"fo", "Zm8="},
                                                                       {"foo", "Zm9v"},
                                                                       {"foob", "Zm9vYg=="},
                                                                       {"fooba", "Zm9vYmE="},
                                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(written(bytes), text);
    EXPECT_EQ(from_base64(text), std::string(bytes));
  }
}

TEST(Base64, HoldsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(from_base64(written(all)), all);
}

TEST(Base64, IsRefusedWhereItIsNone) {
  for (const std::string_view text : {"Zg", "Zg=", "Zg==Zg==", "Z===", "Zm9-", "Zm 9", "===="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace weir
