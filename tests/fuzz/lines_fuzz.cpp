// The reader of NDJSON: whole and cut in two it must give the same lines and the same error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/assert.hpp"
#include "weir/sse/lines.hpp"

namespace {

constexpr std::size_t line_bytes_most = 64;

std::pair<std::vector<std::string>, bool> read(std::string_view text, std::size_t cut) {
  weir::sse::LineReader reader(line_bytes_most);
  std::vector<std::string> lines;
  const auto drain = [&] {
    while (auto line = reader.next()) {
      WEIR_ASSERT(!line->empty() && line->size() <= line_bytes_most);
      lines.push_back(*std::move(line));
    }
  };
  reader.feed(text.substr(0, cut));
  drain();
  reader.feed(text.substr(cut));
  drain();
  reader.finish();
  drain();
  return {lines, reader.error().has_value()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = text.empty() ? 0 : data[0] % (text.size() + 1);
  WEIR_ASSERT(read(text, cut) == read(text, text.size()));
  return 0;
}
