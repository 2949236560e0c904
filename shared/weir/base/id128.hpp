#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// 128 bits that name an answer (the right to read it) or are an ask's key (the right to cancel
/// it). Written as 32 lower-case hexadecimal digits. The bits come from the host's secure random
/// source.
struct Id128 {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const Id128&, const Id128&) = default;
};

std::string to_hex(const Id128& id);

/// Nothing unless `text` is exactly 32 hexadecimal digits.
std::optional<Id128> id128_from_hex(std::string_view text);

/// Equality whose time does not tell how much of a guess was right.
bool equal_in_constant_time(const Id128& a, const Id128& b);

struct Id128Hash {
  std::size_t operator()(const Id128& id) const;
};

}  // namespace weir
