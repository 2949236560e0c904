#include "weir/text/charset.hpp"

#include <gtest/gtest.h>

namespace weir::text {
namespace {

using namespace std::string_view_literals;

std::optional<std::string> converted(std::string_view bytes) {
  return to_utf8(bytes, charset_of(bytes));
}

TEST(Charset, IsUtf8WhereTheBytesAre) {
  EXPECT_EQ(charset_of(""), Charset::utf8);
  EXPECT_EQ(charset_of("caf\u00e9 \u6f22\u5b57"), Charset::utf8);
  EXPECT_EQ(converted("\xEF\xBB\xBF"
                      "a"),
            "a");
}

TEST(Charset, IsUtf16WhereAByteOrderMarkSaysSo) {
  EXPECT_EQ(converted("\xFF\xFE"
                      "a\0\xAC\x20\x3D\xD8\x00\xDE"sv),
            "a\u20ac\U0001F600");
  EXPECT_EQ(converted("\xFE\xFF\0a\x20\xAC\xD8\x3D\xDE\x00"sv), "a\u20ac\U0001F600");
  EXPECT_EQ(converted("\xFF\xFE"), "");
}

TEST(Charset, RefusesBrokenUtf16) {
  EXPECT_EQ(converted("\xFF\xFE"
                      "a"sv),
            std::nullopt);
  EXPECT_EQ(converted("\xFF\xFE\x3D\xD8"sv), std::nullopt);
  EXPECT_EQ(converted("\xFF\xFE\x3D\xD8"
                      "a\0"sv),
            std::nullopt);
  EXPECT_EQ(converted("\xFF\xFE\x00\xDE"sv), std::nullopt);
  EXPECT_EQ(converted("\xFF\xFE\0\0a\0\0\0"sv), std::nullopt);  // UTF-32
}

TEST(Charset, KnowsWesternTextByItsLoneLetters) {
  EXPECT_EQ(converted("d\xE9j\xE0 vu, na\xEFve, 5 \x80, \x93quoted\x94, it\x92s \x96 so"),
            "d\u00e9j\u00e0 vu, na\u00efve, 5 \u20ac, \u201cquoted\u201d, it\u2019s \u2013 so");
  EXPECT_EQ(converted("\xA9 M\xFCller"), "\u00a9 M\u00fcller");
  EXPECT_EQ(converted("Gr\xF6\xDF"
                      "e"),
            "Gr\u00f6\u00dfe");
}

TEST(Charset, DoesNotTakeOtherEncodingsForWesternText) {
  EXPECT_EQ(charset_of("\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0"), Charset::other);  // Windows-1251
  EXPECT_EQ(charset_of("// \x93\xFA\x96\x7B\x8C\xEA"), Charset::other);             // Shift-JIS
  EXPECT_EQ(charset_of("// \x83\x4A\x83\x5E\x83\x8B"), Charset::other);  // of which some are ASCII
  EXPECT_EQ(charset_of("// \xC4\xE3\xBA\xC3"), Charset::other);          // GBK
  EXPECT_EQ(charset_of("caf\u00e9 and \xE9"), Charset::other);           // both at once
}

TEST(Charset, IsBinaryWhereNoTextHasSuchBytes) {
  EXPECT_EQ(charset_of("a\0b"sv), Charset::binary);
  EXPECT_EQ(charset_of("\x7F"
                       "ELF\x02\x01\xE9"),
            Charset::binary);
  EXPECT_EQ(charset_of("\x1B[1mbold\x1B[0m \xE9"), Charset::windows_1252);
}

}  // namespace
}  // namespace weir::text
