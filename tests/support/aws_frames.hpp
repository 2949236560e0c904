#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/hash.hpp"
#include "weir/provider/provider.hpp"

namespace weir::testing {

inline void append_big_endian(std::string& out, std::size_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(number >> shift & 0xff);
  }
}

/// A message of application/vnd.amazon.eventstream whose headers are texts.
inline std::string aws_frame(const std::vector<provider::Header>& headers,
                             std::string_view payload) {
  std::string fields;
  for (const provider::Header& header : headers) {
    append_big_endian(fields, header.name.size(), 1);
    fields += header.name;
    append_big_endian(fields, 7, 1);
    append_big_endian(fields, header.value.size(), 2);
    fields += header.value;
  }
  std::string out;
  append_big_endian(out, fields.size() + payload.size() + 16, 4);
  append_big_endian(out, fields.size(), 4);
  append_big_endian(out, crc32(as_bytes(out)), 4);
  out.append(fields).append(payload);
  append_big_endian(out, crc32(as_bytes(out)), 4);
  return out;
}

}  // namespace weir::testing
