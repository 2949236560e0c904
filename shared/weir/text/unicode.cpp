#include "weir/text/unicode.hpp"

namespace weir::text {

char32_t to_lower(char32_t code_point) {
  if (code_point > last_code_point) return code_point;
  const std::size_t block = tables::lower_blocks[code_point >> 7];
  const std::size_t which = tables::lower_values[block * 128 + (code_point & 127)];
  return static_cast<char32_t>(static_cast<std::int32_t>(code_point) +
                               tables::lower_differences[which]);
}

}  // namespace weir::text
