#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "stream/clock.hpp"

namespace weir::bench {

/// What a delta of the load says: whose it is, which, and when it was sent, so that a reader in
/// another process can check every character and knows how old it is. CLOCK_MONOTONIC is one for
/// all processes.
struct Record {
  std::uint64_t answer = 0;  ///< below 10^7
  std::uint64_t index = 0;   ///< below 10^6
  Nanoseconds sent_at = 0;
};

constexpr std::size_t record_size = 32;

/// Writes the record of a delta that is sent now: record_size characters.
void write_record(std::uint64_t answer, std::uint64_t index, char* out);

/// Nothing where the text is not, to the character, what write_record() writes.
std::optional<Record> read_record(std::string_view text);

}  // namespace weir::bench
