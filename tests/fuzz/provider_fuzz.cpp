#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/aws_frames.hpp"
#include "support/sha256.hpp"
#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/provider/provider.hpp"
#include "weir/text/utf8.hpp"

namespace {

using namespace weir;
using Kind = provider::Provider::Kind;

constexpr Kind kinds[] = {Kind::openai, Kind::google,     Kind::anthropic, Kind::ollama,
                          Kind::azure,  Kind::openrouter, Kind::dashscope, Kind::bedrock};

const std::string secret = "secret-api-key";

provider::Provider provider_of(std::uint8_t choice) {
  provider::Provider provider;
  provider.name = "p";
  provider.kind = kinds[choice % std::size(kinds)];
  // DashScope has two interfaces.
  provider.base_url = choice >= 128 ? "https://p.example/compatible-mode/v1" : "https://p.example";
  provider.api_key = secret;
  return provider;
}

struct Response {
  int status = 200;
  bool typed = false;
  bool clean = true;
};

/// One response; `step` is how many bytes come at once.
std::vector<stream::Event> read(const provider::Provider& provider, const Response& response,
                                std::string_view bytes, std::size_t step) {
  limits::Provider limits;
  limits.line_bytes = 512;
  limits.error_body_bytes = 64;
  provider::Attempt attempt;
  attempt.digests = &testing::digests;
  const auto codec = std::move(provider::start(provider, {}, {}, limits, attempt).codec);
  std::vector<stream::Event> out;
  const std::vector<provider::Header> headers = {{"content-type", "text/event-stream"},
                                                 {"retry-after", "1"}};
  codec->head(response.status, response.typed ? headers : std::vector<provider::Header>(), out);
  for (std::size_t at = 0; at < bytes.size(); at += step) codec->bytes(bytes.substr(at, step), out);
  codec->end(response.clean, out);
  codec->bytes("late", out);
  codec->end(true, out);
  return out;
}

void check(const std::vector<stream::Event>& events) {
  WEIR_ASSERT(!events.empty());
  for (std::size_t i = 0; i < events.size(); ++i) {
    WEIR_ASSERT(stream::ends_answer(events[i]) == (i + 1 == events.size()));
    const auto* delta = std::get_if<stream::Delta>(&events[i]);
    WEIR_ASSERT(!delta || (!delta->text.empty() && text::is_valid_utf8(delta->text)));
    const auto* failed = std::get_if<stream::Failed>(&events[i]);
    if (!failed) continue;
    WEIR_ASSERT(failed->provider == "p" && !failed->error.message.empty());
    WEIR_ASSERT(failed->error.message.find(secret) == std::string::npos);
    WEIR_ASSERT(text::is_valid_utf8(failed->error.message));
  }
}

/// Bytes rarely have the checksums of an event stream: so they also come as its payload.
std::string framed(std::string_view bytes) {
  static const char* const types[] = {"contentBlockDelta", "contentBlockStart", "messageStop",
                                      "metadata"};
  const std::size_t type = bytes.size() % std::size(types);
  return testing::aws_frame({{":message-type", "event"}, {":event-type", types[type]}}, bytes);
}

}  // namespace

/// However its bytes are cut, a provider's response gives the same events, and exactly one end, the
/// last; no error shows the key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const provider::Provider provider = provider_of(data[0]);
  Response response;
  response.status = data[1] % 4 == 0 ? 400 + data[1] : 200;
  response.typed = (data[1] & 64) != 0;
  response.clean = (data[1] & 128) != 0;
  const std::size_t step = 1 + data[2] % 16;
  std::string bytes(as_text({data + 3, size - 3}));
  if (provider.kind == Kind::bedrock && (data[2] & 128) != 0) bytes = framed(bytes);
  const auto whole = read(provider, response, bytes, size + bytes.size());
  check(whole);
  WEIR_ASSERT(read(provider, response, bytes, step) == whole);
  return 0;
}
