// Pages: whatever stands there, their text is UTF-8, has the page's lines, and is not much longer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/text/html_page.hpp"
#include "weir/text/utf8.hpp"

namespace {

void check(std::string_view page) {
  const auto text = weir::text::page_text(page);
  if (!text) return;
  WEIR_ASSERT(weir::text::is_valid_utf8(*text));
  WEIR_ASSERT(std::count(text->begin(), text->end(), '\n') ==
              std::count(page.begin(), page.end(), '\n'));
  WEIR_ASSERT(text->size() <= 3 * page.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (!weir::text::is_valid_utf8(input)) return 0;
  check(input);
  // With enough to be read beside it.
  check("<html><p>" + std::string(4096, 'x') + "</p>" + std::string(input));
  return 0;
}
