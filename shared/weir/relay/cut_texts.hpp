#pragma once

#include <cstddef>
#include <vector>

#include "weir/stream/event.hpp"

namespace weir::relay {

/// The same events with every text of more than `bytes_most` cut into several events, between code
/// points: a provider may send megabytes at once, but no frame of ours should be as large.
std::vector<stream::Event> cut_texts(std::vector<stream::Event> events, std::size_t bytes_most);

}  // namespace weir::relay
