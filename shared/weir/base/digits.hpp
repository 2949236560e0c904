#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

namespace weir {

/// Appends a number in decimal digits, without a string in between.
inline void append_digits(std::string& out, std::uint64_t number) {
  constexpr std::size_t digits_most = 20;
  char digits[digits_most];
  out.append(digits, std::to_chars(digits, digits + digits_most, number).ptr);
}

}  // namespace weir
