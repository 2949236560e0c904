#include <cstddef>
#include <cstdint>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/prompt/request.hpp"

/// Any bytes are a request or a typed error, and a request that is written is read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const auto request = prompt::parse_request(as_text({data, size}));
  if (!request) {
    WEIR_ASSERT(request.error().code == ErrorCode::invalid_request ||
                request.error().code == ErrorCode::request_too_large);
    return 0;
  }
  const auto back = prompt::parse_request(prompt::write_request(*request));
  WEIR_ASSERT(back && *back == *request);
  return 0;
}
