#pragma once

#include "weir/base/bytes.hpp"
#include "weir/tokens/encoding.hpp"

extern "C" const unsigned char weir_embedded_cl100k_base[], weir_embedded_cl100k_base_end[];
extern "C" const unsigned char weir_embedded_o200k_base[], weir_embedded_o200k_base_end[];

/// The real vocabularies, for programs that weir_embed_vocabularies() (tests/embed.cmake) prepared.
namespace weir::tokens {

inline constexpr EncodingName all_encodings[] = {EncodingName::cl100k_base,
                                                 EncodingName::o200k_base};

inline Bytes embedded_vocabulary(EncodingName name) {
  return name == EncodingName::cl100k_base
             ? Bytes(weir_embedded_cl100k_base, weir_embedded_cl100k_base_end)
             : Bytes(weir_embedded_o200k_base, weir_embedded_o200k_base_end);
}

/// Loaded once per program.
inline const Encoding& embedded_encoding(EncodingName name) {
  static const Encoding cl100k_base =
      *Encoding::load(embedded_vocabulary(EncodingName::cl100k_base));
  static const Encoding o200k_base = *Encoding::load(embedded_vocabulary(EncodingName::o200k_base));
  return name == EncodingName::cl100k_base ? cl100k_base : o200k_base;
}

}  // namespace weir::tokens
