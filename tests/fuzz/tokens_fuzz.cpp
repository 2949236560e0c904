// For any text: the fast encoder gives the slow one's tokens; counted in parts, split where the
// input says, a text has as many as in one; and what fits, fits.
#include <cstdint>
#include <string_view>
#include <vector>

#include "support/slow_encoder.hpp"
#include "support/vocabularies.hpp"
#include "weir/base/assert.hpp"
#include "weir/tokens/incremental.hpp"

using namespace weir;
using namespace weir::tokens;

namespace {

// The slow encoder is quadratic and worse.
constexpr std::size_t slow_bytes_most = 600;

void check(const Encoding& encoding, std::string_view text, std::uint8_t choice) {
  std::vector<Token> fast;
  encoding.encode(text, fast);
  WEIR_ASSERT(encoding.count(text) == fast.size());
  if (text.size() <= slow_bytes_most) {
    WEIR_ASSERT(fast == slow::encode(encoding.vocabulary(), text));
  }

  IncrementalCounter counter(encoding);
  const std::size_t step = 1 + choice % 16;
  for (std::size_t at = 0; at < text.size(); at += step) {
    counter.append(text.substr(at, step));
    if (choice >= 128) WEIR_ASSERT(counter.total() == encoding.count(text.substr(0, at + step)));
  }
  WEIR_ASSERT(counter.total() == fast.size());

  const std::size_t most = choice;
  const std::size_t fitting = encoding.fitting_prefix(text, most);
  WEIR_ASSERT(fitting <= text.size());
  WEIR_ASSERT(encoding.count(text.substr(0, fitting)) <= most);
  WEIR_ASSERT(fast.size() > most || fitting == text.size());
}

}  // namespace

/// Loading is slow with sanitizers, and no input's time.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  for (const EncodingName name : all_encodings) embedded_encoding(name);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  for (const EncodingName name : all_encodings) {
    check(embedded_encoding(name), as_text({data + 1, size - 1}), data[0]);
  }
  return 0;
}
