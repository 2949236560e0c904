// Frames from anyone: reading never fails but with a typed error, and what was read survives being
// written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/wire/frames.hpp"

namespace wire = weir::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  if (const auto frame = wire::read_client_frame(text)) {
    const auto again = wire::read_client_frame(wire::write_client_frame(*frame));
    WEIR_ASSERT(again && *again == *frame);
  } else {
    WEIR_ASSERT(frame.error().code == weir::ErrorCode::invalid_request);
  }

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
