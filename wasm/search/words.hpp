#pragma once

#include "weir/retrieval/word_table.hpp"

namespace weir::boundary {

/// What words mean, once the host has opened it; until then a table that knows no word.
const retrieval::WordTable& words();

}  // namespace weir::boundary
