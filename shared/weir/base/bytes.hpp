#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace weir {

using Bytes = std::span<const std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads an unsigned integer, least significant byte first. `bytes` must hold sizeof(T) bytes.
template <class T>
T load_little_endian(const std::uint8_t* bytes) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, bytes, sizeof(T));  // GCC makes single loads of the loop only at times
    return value;
  }
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | (static_cast<T>(bytes[i]) << (8 * i)));
  }
  return value;
}

/// Whether two short texts are the same, without a call: tables of words compare little else.
inline bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto* const left = reinterpret_cast<const std::uint8_t*>(a.data());
  const auto* const right = reinterpret_cast<const std::uint8_t*>(b.data());
  std::size_t at = 0;
  for (; at + 8 <= a.size(); at += 8) {
    if (load_little_endian<std::uint64_t>(left + at) !=
        load_little_endian<std::uint64_t>(right + at))
      return false;
  }
  for (; at < a.size(); ++at) {
    if (left[at] != right[at]) return false;
  }
  return true;
}

/// Appends an unsigned integer, least significant byte first, to a byte container.
template <class T, class Container>
void store_little_endian(Container& out, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<typename Container::value_type>((value >> (8 * i)) & 0xff));
  }
}

}  // namespace weir
