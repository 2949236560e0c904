#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "weir/tokens/vocabulary.hpp"

namespace weir::tokens {

/// The tokens of a piece that grows and shrinks at its end, kept up by encoding again only what is
/// near the change.
///
/// The tokens at the beginning may stay wherever the last one that stays and the first new one stay
/// apart (joins.hpp); where they do not, more are encoded again.
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
