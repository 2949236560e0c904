#include "ip_range.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace weir::edge {
namespace {

constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string whole(text);
  IpAddress address;
  if (inet_pton(AF_INET, whole.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
  } else if (inet_pton(AF_INET6, whole.c_str(), address.bytes.data()) == 1) {
    address.size = 16;
    if (std::equal(mapped.begin(), mapped.end(), address.bytes.begin())) {
      IpAddress four;
      std::copy(address.bytes.begin() + mapped.size(), address.bytes.end(), four.bytes.begin());
      four.size = 4;
      return four;
    }
  } else {
    return std::nullopt;
  }
  return address;
}

bool IpAddress::is_loopback() const {
  if (size == 4) return bytes[0] == 127;
  const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
  return std::all_of(bytes.begin(), bytes.end() - 1, is_zero) && bytes.back() == 1;
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = IpAddress::parse(text.substr(0, slash));
  if (!first) return std::nullopt;
  IpRange range{*first, 8 * first->size};
  if (slash == text.npos) return range;
  const std::string_view digits = text.substr(slash + 1);
  const char* const end = digits.data() + digits.size();
  std::size_t bits = 0;
  const auto read = std::from_chars(digits.data(), end, bits);
  if (read.ec != std::errc() || read.ptr != end || bits > range.bits) return std::nullopt;
  range.bits = bits;
  return range;
}

bool IpRange::holds(const IpAddress& address) const {
  if (address.size != first.size) return false;
  const std::size_t whole = bits / 8;
  if (!std::equal(first.bytes.begin(), first.bytes.begin() + whole, address.bytes.begin())) {
    return false;
  }
  if (bits % 8 == 0) return true;
  const int shift = 8 - static_cast<int>(bits % 8);
  return first.bytes[whole] >> shift == address.bytes[whole] >> shift;
}

}  // namespace weir::edge
