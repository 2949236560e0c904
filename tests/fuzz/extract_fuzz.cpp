#include <cstddef>
#include <cstdint>
#include <string>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/provider/extract.hpp"
#include "weir/text/utf8.hpp"

/// Any passage gives an answer of valid UTF-8 whose first lines are our own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  if (size < 2) return 0;
  static const char* const paths[] = {"a.md",  "a.cpp",  "a.py", "Makefile",
                                      "a.sql", "a.html", "a`b"};
  prompt::Prompt prompt;
  const std::string text(as_text({data + 1, size - 1}));
  prompt.question = text.substr(0, text.size() / 4);
  prompt.passages = {{paths[data[0] % 7], 1, 2, text}, {"b.md", 3, 3, text.substr(size / 2)}};
  const std::string answer = provider::compose_extract(prompt);
  WEIR_ASSERT(text::is_valid_utf8(answer));
  WEIR_ASSERT(answer.rfind("These are", 0) == 0 || answer.rfind("No passage", 0) == 0);
  return 0;
}
