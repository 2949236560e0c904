#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "weir/retrieval/inverter.hpp"
#include "weir/retrieval/pack_writer.hpp"
#include "weir/retrieval/workers.hpp"

namespace weir::retrieval {

/// Writes the sections of a pack's terms: postings, dictionary and its index. `keys` are the terms'
/// in their order.
void write_terms(PackWriter& writer, const Inverter& inverter,
                 std::span<const std::string_view> keys, std::size_t chunk_count,
                 const Workers& workers);

}  // namespace weir::retrieval
