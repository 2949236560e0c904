#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::tokens {

enum class EncodingName : std::uint8_t { cl100k_base, o200k_base };

/// The encoding's public name, for example "o200k_base".
std::string_view name(EncodingName encoding);
std::optional<EncodingName> encoding_name(std::string_view name);

}  // namespace weir::tokens
