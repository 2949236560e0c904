#pragma once

#include <cstdint>
#include <string_view>

namespace weir::edge {

/// What a Range header (RFC 9110, 14.2) asks of a file.
struct ByteRange {
  enum class Kind : std::uint8_t {
    whole,          ///< no range, or one that is not served: several ranges, other units, malformed
    part,           ///< [first, last], both included
    unsatisfiable,  ///< begins behind the end
  };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// `header`: the field's value, empty where it was not sent. `size`: the file's.
ByteRange parse_range(std::string_view header, std::uint64_t size);

}  // namespace weir::edge
