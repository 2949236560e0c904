#pragma once

#include "weir/base/bytes.hpp"
#include "weir/tokens/encoding.hpp"

extern "C" const unsigned char weir_embedded_cl100k_base[], weir_embedded_cl100k_base_end[];
extern "C" const unsigned char weir_embedded_o200k_base[], weir_embedded_o200k_base_end[];
extern "C" const unsigned char weir_embedded_qwen3[], weir_embedded_qwen3_end[];

/// The real vocabularies, for programs that weir_embed_vocabularies() (tests/embed.cmake) prepared.
namespace weir::tokens {

inline Bytes embedded_vocabulary(EncodingName name) {
  switch (name) {
    case EncodingName::cl100k_base:
      return {weir_embedded_cl100k_base, weir_embedded_cl100k_base_end};
    case EncodingName::o200k_base:
      return {weir_embedded_o200k_base, weir_embedded_o200k_base_end};
    case EncodingName::qwen3:
      return {weir_embedded_qwen3, weir_embedded_qwen3_end};
  }
  return {};
}

template <EncodingName encoding>
const Encoding& loaded_encoding() {
  static const Encoding loaded = *Encoding::load(embedded_vocabulary(encoding));
  return loaded;
}

/// Loaded once per program, when first asked for.
inline const Encoding& embedded_encoding(EncodingName name) {
  switch (name) {
    case EncodingName::o200k_base:
      return loaded_encoding<EncodingName::o200k_base>();
    case EncodingName::qwen3:
      return loaded_encoding<EncodingName::qwen3>();
    default:
      return loaded_encoding<EncodingName::cl100k_base>();
  }
}

}  // namespace weir::tokens
