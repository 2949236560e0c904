// A client's WebSocket frames from anyone: read in pieces of any size they give the same messages,
// or the same reason to close.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "websocket_reader.hpp"
#include "weir/base/assert.hpp"

namespace {

using weir::edge::WebSocketReader;

std::string read(std::string_view bytes, std::size_t piece) {
  WebSocketReader reader(4096);
  std::string seen;
  while (!bytes.empty() && !reader.error()) {
    std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    while (const auto message = reader.next(part)) {
      seen += std::to_string(static_cast<int>(message->kind)) + ":";
      seen += std::string(message->payload) + "\n";
    }
    WEIR_ASSERT(reader.error() || part.empty());
  }
  if (reader.error()) seen += "closed " + std::to_string(static_cast<int>(*reader.error()));
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = read(bytes, SIZE_MAX);
  WEIR_ASSERT(read(bytes, 1) == whole);
  WEIR_ASSERT(read(bytes, std::size_t{data[0]} + 1) == whole);
  return 0;
}
