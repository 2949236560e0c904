// Any file is loaded or refused with one of the two documented errors; a loaded one finds each of
// its tokens by its bytes, and any text can be normalised by its tables. The checksum is put right
// first, or nothing would get past it.
#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/text/utf8.hpp"
#include "weir/tokens/vocabulary.hpp"

using namespace weir;
using namespace weir::tokens;

namespace {

constexpr std::size_t header_bytes = 36;
constexpr std::size_t pair_bytes = 6;
constexpr std::size_t count_at = 28;
constexpr std::size_t crc_at = 32;

void put(std::vector<std::uint8_t>& file, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) file[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

/// A right header and the bytes in their order, then what the input gives.
std::vector<std::uint8_t> file_of(std::size_t pairs, Bytes rest) {
  std::vector<std::uint8_t> file(header_bytes);
  for (std::size_t i = 0; i < 7; ++i) file[i] = static_cast<std::uint8_t>("WEIRVOC"[i]);
  for (std::size_t i = 0; i < 5; ++i) file[12 + i] = static_cast<std::uint8_t>("qwen3"[i]);
  put(file, 8, 2);
  put(file, count_at, static_cast<std::uint32_t>(256 + pairs));
  for (unsigned byte = 0; byte < 256; ++byte) file.push_back(static_cast<std::uint8_t>(byte));
  file.insert(file.end(), rest.begin(), rest.end());
  put(file, crc_at, crc32(Bytes(file).subspan(header_bytes)));
  return file;
}

void check(Bytes file, std::string_view text) {
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
  std::string storage;
  const std::string_view valid = text::repaired(text, storage);
  std::string normalized;
  vocabulary.normalizer().append(normalized, valid);
  WEIR_ASSERT(text::is_valid_utf8(normalized));
  WEIR_ASSERT(vocabulary.normalizer().offset_before(valid, normalized.size()) == valid.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input{data, size};
  const std::size_t pairs = size / pair_bytes;
  check(input, as_text(input));
  check(file_of(pairs, input.first(pairs * pair_bytes)), as_text(input));
  check(file_of(0, input), as_text(input));
  return 0;
}
