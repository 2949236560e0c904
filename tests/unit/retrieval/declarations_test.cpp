#include "weir/retrieval/declarations.hpp"

#include <gtest/gtest.h>

namespace weir::retrieval {
namespace {

TEST(Declarations, GiveTheNamesOfManyLanguages) {
  const std::pair<std::string_view, std::string_view> examples[] = {
      {"def parse(self):", "parse"},
      {"    async def run(self):", "run"},
      {"class Pack:", "Pack"},
      {"export default class EventLoop extends Base {", "EventLoop"},
      {"export async function* walk(dir) {", "walk"},
      {"pub(crate) fn open<T>(path: T) {", "open"},
      {"func (s *Server) Serve(l net.Listener) error {", "Serve"},
      {"type Handler interface {", "Handler"},
      {"enum class Color : int {", "Color"},
      {"#define MAX_SIZE 10", "MAX_SIZE"},
      {"#  define WRAP(x) x", "WRAP"},
      {"const parse = (text) => {", "parse"},
      {"exports.parse = function (text) {", "exports.parse"},
      {"  parse: function () {", "parse"},
      {"static int parse_url(const char* text) {", "parse_url"},
      {"Result<Pack> Pack::open(Bytes bytes)", "Pack::open"},
      {"Pack::Pack(int size) : size_(size) {", "Pack::Pack"},
      {"start() {", "start"},
      {"  render(node, parent) {", "render"},
      {"  public static int count(List<String> a) throws E {", "count"},
      {"namespace weir::text {", "weir::text"},
      {"proc wait_for {cond} {", "wait_for"},
  };
  for (const auto& [line, name] : examples) EXPECT_EQ(declaration(line).name, name) << line;
}

TEST(Declarations, AreNotFoundInOrdinaryLines) {
  for (const std::string_view line : {"return parse(text);",
                                      "if (a) {",
                                      "  for (int i = 0; i < n; ++i) {",
                                      "  } else if (x) {",
                                      "foo(bar);",
                                      "x = y(z)",
                                      "  describe('it', () => {",
                                      "while (true) {",
                                      "",
                                      "  ",
                                      "}",
                                      "  a.b(c) {",
                                      "import x from 'y'",
                                      "else",
                                      "class",
                                      "(",
                                      "#define",
                                      "#",
                                      "const",
                                      "fn("}) {
    EXPECT_EQ(declaration(line).name, "") << line;
  }
}

TEST(DefinedNames, OfProseAreItsHeadings) {
  const auto markdown =
      defined_names("# One\ntext\n```sh\n# no\n```\nTwo\n===\n", FileForm::markdown);
  EXPECT_EQ(markdown, (std::vector<std::string_view>{"One", "Two"}));
  EXPECT_EQ(defined_names("Title\n=====\n\ntext\n", FileForm::restructured),
            (std::vector<std::string_view>{"Title"}));
  EXPECT_EQ(defined_names("<h2 id=\"a\">Name</h2>", FileForm::html),
            (std::vector<std::string_view>{"Name"}));
  EXPECT_EQ(defined_names("## Name\n# no\n #no", FileForm::html),
            (std::vector<std::string_view>{"Name", "no"}));
  EXPECT_TRUE(defined_names("def f(): pass", FileForm::plain).empty());
}

}  // namespace
}  // namespace weir::retrieval
