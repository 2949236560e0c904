#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::tokens {

/// qwen3 is what the Qwen models up to Qwen 3 have in common.
enum class EncodingName : std::uint8_t { cl100k_base, o200k_base, qwen3 };

inline constexpr std::array<EncodingName, 3> all_encodings = {
    EncodingName::cl100k_base, EncodingName::o200k_base, EncodingName::qwen3};

/// The encoding's public name, for example "o200k_base".
std::string_view name(EncodingName encoding);
std::optional<EncodingName> encoding_name(std::string_view name);

}  // namespace weir::tokens
