#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "weir/tokens/vocabulary.hpp"

namespace weir::tokens {

/// The tokens of a piece that grows and shrinks at its end, kept up by encoding again only what is
/// near the change.
///
/// Why that is exact: a sequence of tokens is the encoding of its bytes if, and only if, each two
/// neighbours are the encoding of theirs. (Look at the first merge across a boundary: all merges
/// before it happened inside the tokens beside the boundary, just as they would if these two stood
/// alone; so it would happen there too.) So the tokens at the beginning may stay wherever the last
/// one that stays and the first new one are such a pair; where they are not, more are encoded
/// again.
///
/// The proof asks that each token's bytes encode to that token alone, which the generator of the
/// vocabularies makes sure of.
class GrowingPiece {
 public:
  /// How many tokens `piece` has. Its first `unchanged` bytes are those of the last call.
  std::size_t count(const Vocabulary& vocabulary, std::string_view piece, std::size_t unchanged);

 private:
  void drop_last(const Vocabulary& vocabulary);

  std::vector<Token> tokens_;
  std::size_t bytes_ = 0;  ///< how many the tokens are
};

}  // namespace weir::tokens
