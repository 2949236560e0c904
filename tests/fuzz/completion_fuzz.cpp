#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/json/json.hpp"
#include "weir/provider/provider.hpp"
#include "weir/wire/completion_request.hpp"

namespace {

using namespace weir;

/// What a provider is sent is JSON, whatever a client asked for.
void check_bodies(const prompt::ChatRequest& request) {
  using Kind = provider::Provider::Kind;
  prompt::Prompt prompt;
  prompt.messages = request.messages;
  prompt.tools = request.tools;
  prompt.tool_choice = request.tool_choice;
  prompt.generation = request.generation;
  provider::Model model;
  model.id = "gemini-3";
  for (const Kind kind : {Kind::openai, Kind::google, Kind::anthropic, Kind::ollama, Kind::azure,
                          Kind::openrouter, Kind::dashscope, Kind::bedrock}) {
    provider::Provider provider;
    provider.kind = kind;
    for (const bool thinks : {false, true}) {
      model.known = model.reasoning_model = thinks;
      const auto start = provider::start(provider, model, prompt, {});
      WEIR_ASSERT(json::parse(start.request->body, 128));
    }
  }
}

}  // namespace

/// Any bytes are a request or a typed error; a request that is written is read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = wire::read_completion_request(as_text({data, size}));
  if (!request) {
    WEIR_ASSERT(request.error().code == ErrorCode::invalid_request ||
                request.error().code == ErrorCode::request_too_large);
    return 0;
  }
  const auto back = wire::read_completion_request(prompt::write_request(request->chat));
  WEIR_ASSERT(back && back->chat == request->chat);
  check_bodies(request->chat);
  return 0;
}
