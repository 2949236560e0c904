#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/provider/provider.hpp"
#include "weir/text/utf8.hpp"

namespace {

using namespace weir;

/// One response; `step` is how many bytes come at once.
std::vector<stream::Event> read(std::string_view bytes, int status, bool typed, std::size_t step) {
  provider::Provider openai;
  openai.name = "openai";
  openai.kind = provider::Provider::Kind::openai;
  limits::Provider limits;
  limits.line_bytes = 512;
  limits.error_body_bytes = 64;
  const auto codec = std::move(provider::start(openai, {}, {}, limits).codec);
  std::vector<stream::Event> out;
  const std::vector<provider::Header> headers = {{"content-type", "text/event-stream"}};
  codec->head(status, typed ? headers : std::vector<provider::Header>(), out);
  for (std::size_t at = 0; at < bytes.size(); at += step) codec->bytes(bytes.substr(at, step), out);
  codec->end(true, out);
  codec->end(true, out);
  return out;
}

void check(const std::vector<stream::Event>& events) {
  WEIR_ASSERT(!events.empty());
  for (std::size_t i = 0; i < events.size(); ++i) {
    WEIR_ASSERT(stream::ends_answer(events[i]) == (i + 1 == events.size()));
    const auto* delta = std::get_if<stream::Delta>(&events[i]);
    WEIR_ASSERT(!delta || (!delta->text.empty() && text::is_valid_utf8(delta->text)));
  }
}

/// The events of the messages that stand in `lines`: named, each is read in full; unnamed, in the
/// short way where that is open.
std::vector<stream::Event> read_messages(std::string_view lines, bool named) {
  std::string text;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    text.append(named ? "event: message\n" : "").append("data: ").append(line).append("\n\n");
  }
  return read(text, 200, true, text.size() + 1);
}

}  // namespace

/// However its bytes are cut, a response gives the same events, and exactly one end, the last.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const int status = data[0] % 4 == 0 ? 400 + data[0] : 200;
  const bool typed = data[0] % 2 == 1;
  const std::size_t step = 1 + data[1] % 16;
  const std::string_view bytes = as_text({data + 2, size - 2});
  const auto whole = read(bytes, status, typed, size);
  check(whole);
  WEIR_ASSERT(read(bytes, status, typed, step) == whole);
  if (bytes.find('\r') == std::string_view::npos) {
    WEIR_ASSERT(read_messages(bytes, true) == read_messages(bytes, false));
  }
  return 0;
}
