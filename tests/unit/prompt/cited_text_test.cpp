#include "weir/prompt/cited_text.hpp"

#include <gtest/gtest.h>

namespace weir::prompt {
namespace {

const std::vector<PassageRef> passages = {{"src/a.cpp", 1, 9}, {"b.md", 20, 20}};

std::string named(std::string_view text) {
  return name_citations(text, passages).text;
}

TEST(NameCitations, PutsPathAndLinesInPlaceOfNumbers) {
  const CitedText out = name_citations("It waits [2][1], then [2].", passages);
  EXPECT_EQ(out.text, "It waits [b.md:20-20][src/a.cpp:1-9], then [b.md:20-20].");
  EXPECT_EQ(out.cited, (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(named("[1, 2]"), "[src/a.cpp:1-9][b.md:20-20]");
}

TEST(NameCitations, LeavesWhatIsNoCitation) {
  for (const char* text : {"[3]", "[0]", "[]", "[1", "[12345]", "a[1]", "[1](x)", "[1,]", "[1, 3]",
                           "[,1]", "[x]", ""}) {
    const CitedText out = name_citations(text, passages);
    EXPECT_EQ(out.text, text);
    EXPECT_TRUE(out.cited.empty()) << text;
  }
}

TEST(NameCitations, LeavesCodeAsItIs) {
  EXPECT_EQ(named("`x [1]` [1]"), "`x [1]` [src/a.cpp:1-9]");
  EXPECT_EQ(named("``a ` [1]`` [1]"), "``a ` [1]`` [src/a.cpp:1-9]");
  EXPECT_EQ(named("```cpp\nx = [1];\n```\n[1]"), "```cpp\nx = [1];\n```\n[src/a.cpp:1-9]");
  EXPECT_EQ(named("a ` tick\n[1]"), "a ` tick\n[src/a.cpp:1-9]") << "code ends with its line";
}

}  // namespace
}  // namespace weir::prompt
