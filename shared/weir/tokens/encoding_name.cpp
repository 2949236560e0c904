#include "weir/tokens/encoding_name.hpp"

namespace weir::tokens {

std::string_view name(EncodingName encoding) {
  switch (encoding) {
    case EncodingName::cl100k_base:
      return "cl100k_base";
    case EncodingName::o200k_base:
      return "o200k_base";
    case EncodingName::qwen3:
      return "qwen3";
  }
  return {};
}

std::optional<EncodingName> encoding_name(std::string_view text) {
  for (const EncodingName encoding : all_encodings) {
    if (name(encoding) == text) return encoding;
  }
  return std::nullopt;
}

}  // namespace weir::tokens
