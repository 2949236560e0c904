#include "engine/encodings.hpp"

#include "engine/boundary.hpp"

namespace weir::boundary {
namespace {

Handles<tokens::Encoding> encodings;

}  // namespace

const tokens::Encoding* find_encoding(std::uint32_t handle) {
  return encodings.find(handle);
}

}  // namespace weir::boundary

using namespace weir::boundary;

/// Reads a vocabulary file, copying what it needs: a handle, or 0 with the error as the result.
WEIR_EXPORT std::uint32_t weir_encoding_open(const std::uint8_t* vocabulary, std::uint32_t size) {
  weir::Result<weir::tokens::Encoding> loaded =
      weir::tokens::Encoding::load(bytes_of(vocabulary, size));
  if (loaded) return encodings.open(std::make_unique<weir::tokens::Encoding>(*std::move(loaded)));
  fail(loaded.error());
  return 0;
}

/// Whatever uses the encoding (a running count, a client) must be closed before.
WEIR_EXPORT void weir_encoding_close(std::uint32_t encoding) {
  encodings.take(encoding);
}
