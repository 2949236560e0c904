// Frames from anyone: reading never fails but with a typed error, what was read survives being
// written and read again, and a frame that nlohmann has read and written is the same one.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "weir/base/assert.hpp"
#include "weir/base/limits.hpp"
#include "weir/json/json.hpp"
#include "weir/wire/frames.hpp"

namespace json = weir::json;
namespace wire = weir::wire;

namespace {

/// The same frame, whatever blanks and escapes its request is written with.
bool same(wire::ClientFrame a, wire::ClientFrame b) {
  for (wire::ClientFrame* frame : {&a, &b}) {
    auto* ask = std::get_if<wire::AskFrame>(frame);
    if (ask) ask->request = json::write(*json::parse(ask->request));
  }
  return a == b;
}

void check_normal_form(std::string_view text) {
  constexpr std::size_t depth_most = weir::limits::Request{}.json_depth + 1;
  const auto frame = wire::read_client_frame(text);
  const auto value = json::parse(text, depth_most);
  if (!value) {
    WEIR_ASSERT(!frame && frame.error() == value.error());
    return;
  }
  const auto normal = wire::read_client_frame(json::write(*value));
  WEIR_ASSERT(static_cast<bool>(frame) == static_cast<bool>(normal));
  WEIR_ASSERT(frame ? same(*frame, *normal) : frame.error() == normal.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  if (const auto frame = wire::read_client_frame(text)) {
    const auto again = wire::read_client_frame(wire::write_client_frame(*frame));
    WEIR_ASSERT(again && *again == *frame);
  } else {
    WEIR_ASSERT(frame.error().code == weir::ErrorCode::invalid_request);
  }

  check_normal_form(text);

  if (const auto frame = wire::read_server_frame(text); frame && *frame) {
    const auto again = wire::read_server_frame(wire::write_server_frame(**frame));
    WEIR_ASSERT(again && *again && **again == **frame);
  }

  const std::size_t cut = text.find('\n');
  if (cut != std::string_view::npos) {
    const auto entry = wire::read_sse(text.substr(0, cut), "7", text.substr(cut + 1));
    WEIR_ASSERT(!entry || !*entry || (*entry)->cursor == 7);
  }
  static_cast<void>(wire::read_error_body(500, text));
  return 0;
}
