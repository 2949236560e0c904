#pragma once

#include <cstddef>
#include <string_view>

#include "weir/tokens/encoding_name.hpp"

namespace weir::tokens {

/// A piece of text that is turned into tokens by itself.
struct Piece {
  std::size_t end;  ///< one past its last byte

  /// No text that could follow changes the piece: its end was found without meeting the text's end.
  bool settled;
};

/// The piece that begins at `at`, by the encoding's published pattern. The text must be UTF-8, `at`
/// lie inside it and be the beginning or the end of another piece. Walking a whole text this way
/// takes linear time.
Piece next_piece(EncodingName encoding, std::string_view text, std::size_t at);

}  // namespace weir::tokens
