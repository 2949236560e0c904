#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "weir/tokens/vocabulary.hpp"

namespace weir::tokens {

/// Byte pair encoding of one piece: begin with its bytes; while two neighbours' joined bytes are a
/// token, join those whose token has the lowest number, the leftmost first. Appends the tokens to
/// `out` unless it is nullptr; returns how many there are. Takes O(n log n) at worst.
std::size_t encode_piece(const Vocabulary& vocabulary, std::string_view piece,
                         std::vector<Token>* out);

}  // namespace weir::tokens
