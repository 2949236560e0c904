#include "weir/tokens/encoding_name.hpp"

namespace weir::tokens {

std::string_view name(EncodingName encoding) {
  return encoding == EncodingName::cl100k_base ? "cl100k_base" : "o200k_base";
}

std::optional<EncodingName> encoding_name(std::string_view text) {
  for (const EncodingName encoding : {EncodingName::cl100k_base, EncodingName::o200k_base}) {
    if (name(encoding) == text) return encoding;
  }
  return std::nullopt;
}

}  // namespace weir::tokens
