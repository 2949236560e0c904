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

/// The events of one message: named, it is read in full; unnamed, in the short way where that is
/// open.
std::vector<stream::Event> read_message(std::string_view data, bool named) {
  const std::string text =
      std::string(named ? "event: message\n" : "") + "data: " + std::string(data) + "\n\n";
  return read(text, 200, true, text.size());
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
  if (bytes.find_first_of("\r\n") == std::string_view::npos) {
    WEIR_ASSERT(read_message(bytes, true) == read_message(bytes, false));
  }
  return 0;
}
