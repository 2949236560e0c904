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

/// What is known of the run that a piece is, so that its next look need not read it again.
struct Scan {
  std::size_t reached = 0;  ///< the run goes at least so far
  std::size_t nearer_end =
      0;  ///< the piece ends here unless the run's second part begins; 0: not known
  bool second_part = false;  ///< the run is in what its pattern ends with
};

/// The same where the text may have grown since an earlier call with the same beginning. `scan`
/// begins empty, and is for one piece of at least two code points, since these decide its pattern.
Piece next_piece(EncodingName encoding, std::string_view text, std::size_t at, Scan& scan);

}  // namespace weir::tokens
