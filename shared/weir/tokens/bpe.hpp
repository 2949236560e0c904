#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "weir/tokens/vocabulary.hpp"

namespace weir::tokens {

/// Byte pair encoding of one piece: begin with its bytes; while two neighbours' joined bytes are a
/// token, join those whose token has the lowest number, the leftmost first. Appends the tokens to
/// `out` unless it is nullptr; returns how many there are. Takes linear time, however long the
/// piece.
std::size_t encode_piece(const Vocabulary& vocabulary, std::string_view piece,
                         std::vector<Token>* out);

/// The same for a piece that is not empty, nor a token itself, and from whose beginning `readable`
/// bytes can be read: at least its size, better Vocabulary::readable_bytes more.
std::size_t encode_several(const Vocabulary& vocabulary, std::string_view piece,
                           std::size_t readable, std::vector<Token>* out);

}  // namespace weir::tokens
