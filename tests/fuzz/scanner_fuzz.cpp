// The scanner beside nlohmann: what the scanner takes for whole, parse() takes too and hardly
// anything else, and they read the same strings in it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/json/scanner.hpp"

namespace {

using namespace weir;

/// An object's members with the strings among their values, in order.
struct Members {
  std::string text;
  std::size_t count = 0;

  void add(std::string_view name, std::string_view value) {
    text += name;
    text += '=';
    text += value;
    text += ';';
    ++count;
  }
};

bool scan_members(std::string_view text, Members& members) {
  json::Scanner scan(text);
  std::string_view name;
  if (!scan.begin_object()) return false;
  while (scan.next_member(name)) {
    const std::string named(name);
    std::string value;
    json::Scanner as_string = scan;
    if (as_string.append_string(value)) {
      scan = as_string;
    } else if (!scan.skip()) {
      return false;
    }
    members.add(named, value);
  }
  return scan.whole();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  json::Scanner scan(text);
  const bool whole = scan.skip() && scan.whole();
  const auto value = json::parse(text);
  const bool parse_alone_may_take_it =
      text.substr(0, 3) == "\xEF\xBB\xBF" || text.find('\0') != std::string_view::npos;
  WEIR_ASSERT(!whole || value);
  WEIR_ASSERT(whole || !value || parse_alone_may_take_it);
  Members scanned;
  if (!scan_members(text, scanned)) return 0;
  WEIR_ASSERT(whole && value->is_object());
  if (scanned.count != value->size()) return 0;  // a name came twice: parse() keeps one
  Members parsed;
  for (auto it = value->begin(); it != value->end(); ++it) {
    parsed.add(it.key(), it->is_string() ? it->get<std::string>() : "");
  }
  WEIR_ASSERT(scanned.text == parsed.text);
  return 0;
}
