#include "weir/prompt/research_signal.hpp"

#include <gtest/gtest.h>

#include "weir/json/json.hpp"

namespace weir::prompt {
namespace {

using Queries = std::vector<std::string>;

struct Read {
  std::string shown;
  std::optional<ResearchSignal> signal;

  friend bool operator==(const Read&, const Read&) = default;
};

Read read(const std::vector<std::string>& pieces) {
  ResearchReader reader;
  Read out;
  for (const std::string& piece : pieces) out.shown += reader.text(piece);
  out.shown += reader.finish();
  out.signal = reader.signal();
  return out;
}

Read read(const std::string& text) {
  return read(std::vector{text});
}

TEST(ResearchReader, TakesTheLastLineOutOfTheText) {
  const Read out = read("Found.\n\n@@research {\"done\":false,\"queries\":[\"a b\",\"c\"]}");
  EXPECT_EQ(out.shown, "Found.\n\n");
  EXPECT_EQ(out.signal, (ResearchSignal{false, {"a b", "c"}}));
  EXPECT_EQ(read("x\n@@research {\"done\":true}\n").signal, (ResearchSignal{true, {}}));
}

TEST(ResearchReader, ReadsTheSameAtEverySplit) {
  const std::string text =
      "A @@ line\n@@research no\n@\n@@research {\"queries\":[\"\xC3\xBC\"]}\n@@re";
  const Read whole = read(text);
  EXPECT_EQ(whole.shown, "A @@ line\n@@research no\n@\n@@re");
  EXPECT_EQ(whole.signal, (ResearchSignal{false, {"\xC3\xBC"}}));
  for (std::size_t at = 0; at <= text.size(); ++at) {
    EXPECT_EQ(read({text.substr(0, at), text.substr(at)}), whole) << at;
  }
}

TEST(ResearchReader, ShowsALineThatIsNoSignal) {
  for (const char* line :
       {"@@research ", "@@research {}", "@@research {\"done\":1}", "@@research {\"queries\":\"a\"}",
        "@@research {\"queries\":[1]}", "@@research {\"done\":true} x",
        " @@research {\"done\":true}", "@@research{\"done\":true}", "`@@research {\"done\":true}`",
        "@@ -1,2 +1,2 @@"}) {
    const Read out = read(line);
    EXPECT_EQ(out.shown, line);
    EXPECT_FALSE(out.signal) << line;
  }
}

TEST(ResearchReader, ShowsTextAtOnceWhereItCanBeNoSignal) {
  ResearchReader reader;
  EXPECT_EQ(reader.text("One"), "One");
  EXPECT_EQ(reader.text(" more @@research "), " more @@research ");
  EXPECT_EQ(reader.text("\n@@"), "\n");
  EXPECT_EQ(reader.text(" -1 +1"), "@@ -1 +1");
}

TEST(ResearchReader, HoldsNoMoreBackThanASignalMayHave) {
  limits::Research limits;
  limits.signal_bytes = 64;
  ResearchReader reader(limits);
  const std::string long_line = "@@research {\"queries\":[\"" + std::string(64, 'a');
  EXPECT_EQ(reader.text(long_line), long_line);
  EXPECT_EQ(reader.text("\"]}"), "\"]}");
  EXPECT_FALSE(reader.signal());
}

TEST(ResearchReader, BoundsWhatIsAskedFor) {
  std::string many = "\"" + std::string(600, 'x') + "\",\"  a\\n b \",\"a  b\",\"\"";
  for (const char* query : {"c", "d", "e"}) many += std::string(",\"") + query + "\"";
  const Read out = read("@@research {\"queries\":[" + many + "]}");
  ASSERT_TRUE(out.signal);
  EXPECT_EQ(out.signal->queries, (Queries{std::string(512, 'x'), "a  b", "c", "d"}));
}

TEST(ResearchReader, TakesTheToolsPiecesTogetherAndBelievesThemFirst) {
  ResearchReader reader;
  EXPECT_EQ(reader.text("@@research {\"done\":true}\n"), "");
  EXPECT_TRUE(reader.tool_call({0, "c1", "research_next", ""}));
  EXPECT_FALSE(reader.tool_call({1, "c2", "other", "{"}));
  EXPECT_TRUE(reader.tool_call({0, "", "", "{\"done\":false,"}));
  EXPECT_FALSE(reader.tool_call({1, "", "", "}"}));
  EXPECT_TRUE(reader.tool_call({0, "", "", "\"queries\":[\"a\"]}"}));
  EXPECT_EQ(reader.signal(), (ResearchSignal{false, {"a"}}));
}

TEST(ResearchReader, GoesByTheLineWhereTheToolsWordIsBroken) {
  ResearchReader reader;
  reader.text("@@research {\"done\":true}\n");
  reader.tool_call({0, "c1", "research_next", "{\"done\":fal"});
  EXPECT_EQ(reader.signal(), (ResearchSignal{true, {}}));
}

TEST(ResearchTool, HasASchemaThatIsJson) {
  const auto schema = json::parse(research_tool_schema);
  ASSERT_TRUE(schema);
  EXPECT_EQ(json::string_or(*schema, "type"), "object");
}

}  // namespace
}  // namespace weir::prompt
