// Any file is loaded or refused with one of the two documented errors; a loaded one finds each of
// its tokens by its bytes. The checksum is put right first, or nothing would get past it.
#include <cstdint>
#include <vector>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/tokens/vocabulary.hpp"

using namespace weir;
using namespace weir::tokens;

namespace {

constexpr std::size_t header_bytes = 36;
constexpr std::size_t count_at = 28;
constexpr std::size_t crc_at = 32;

void put(std::vector<std::uint8_t>& file, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) file[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

/// Pairs as the input gives them, after a right header and the bytes in their order.
std::vector<std::uint8_t> file_of_pairs(Bytes input) {
  const std::size_t pairs = input.size() / 6;
  std::vector<std::uint8_t> file(header_bytes);
  for (std::size_t i = 0; i < 7; ++i) file[i] = static_cast<std::uint8_t>("WEIRVOC"[i]);
  for (std::size_t i = 0; i < 11; ++i) file[12 + i] = static_cast<std::uint8_t>("cl100k_base"[i]);
  put(file, 8, 2);
  put(file, count_at, static_cast<std::uint32_t>(256 + pairs));
  for (unsigned byte = 0; byte < 256; ++byte) file.push_back(static_cast<std::uint8_t>(byte));
  file.insert(file.end(), input.begin(), input.begin() + static_cast<std::ptrdiff_t>(6 * pairs));
  put(file, crc_at, crc32(Bytes(file).subspan(header_bytes)));
  return file;
}

void check(Bytes file) {
  const auto loaded = Vocabulary::load(file);
  if (!loaded) {
    const ErrorCode code = loaded.error().code;
    WEIR_ASSERT(code == ErrorCode::pack_damaged || code == ErrorCode::pack_unsupported);
    return;
  }
  const Vocabulary& vocabulary = **loaded;
  for (Token token = 0; token < vocabulary.size(); ++token) {
    WEIR_ASSERT(vocabulary.find(vocabulary.bytes(token)) == token);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  check(file_of_pairs({data, size}));
  return 0;
}
