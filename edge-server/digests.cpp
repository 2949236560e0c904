#include "digests.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "weir/base/assert.hpp"

namespace weir::edge {
namespace {

using Digest = provider::Digests::Digest;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Digest sha256(std::string_view text) {
  Digest digest{};
  SHA256(bytes(text), text.size(), digest.data());
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text),
                          text.size(), digest.data(), &size);
  WEIR_ASSERT(done && size == digest.size());
  return digest;
}

}  // namespace

const provider::Digests& digests() {
  static const provider::Digests functions{sha256, hmac_sha256};
  return functions;
}

}  // namespace weir::edge
