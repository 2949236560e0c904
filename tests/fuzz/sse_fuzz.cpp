// The parser of event streams: whole and cut in two it must give the same events and the same
// error.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/assert.hpp"
#include "weir/sse/parser.hpp"

namespace {

constexpr std::size_t line_bytes_most = 64;

struct Outcome {
  std::vector<weir::sse::Message> messages;
  std::optional<weir::Error> error;
  std::optional<std::uint32_t> retry;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome parse(std::string_view text, std::size_t cut) {
  weir::sse::Parser parser(line_bytes_most);
  Outcome outcome;
  for (const std::string_view part : {text.substr(0, cut), text.substr(cut)}) {
    parser.feed(part);
    while (auto message = parser.next()) {
      WEIR_ASSERT(message->data.size() <= line_bytes_most);
      outcome.messages.push_back(*std::move(message));
    }
  }
  outcome.error = parser.error();
  outcome.retry = parser.retry_milliseconds();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = text.empty() ? 0 : data[0] % (text.size() + 1);
  WEIR_ASSERT(parse(text, cut) == parse(text, text.size()));
  return 0;
}
