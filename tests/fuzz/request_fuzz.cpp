#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/json/json.hpp"
#include "weir/prompt/request.hpp"

/// Any bytes are a request or a typed error; a request that is written is read back the same, and
/// so is one that nlohmann has read and written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string_view text = as_text({data, size});
  const auto request = prompt::parse_request(text);
  if (const auto value = json::parse(text, limits::Request{}.json_depth)) {
    const auto same = prompt::parse_request(json::write(*value));
    WEIR_ASSERT(static_cast<bool>(same) == static_cast<bool>(request));
    WEIR_ASSERT(request ? *same == *request : same.error() == request.error());
  }
  if (!request) {
    WEIR_ASSERT(request.error().code == ErrorCode::invalid_request ||
                request.error().code == ErrorCode::request_too_large);
    return 0;
  }
  const auto back = prompt::parse_request(prompt::write_request(*request));
  WEIR_ASSERT(back && *back == *request);
  return 0;
}
