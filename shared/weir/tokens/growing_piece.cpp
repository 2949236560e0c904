#include "weir/tokens/growing_piece.hpp"

#include <algorithm>

#include "weir/tokens/bpe.hpp"

namespace weir::tokens {
namespace {

// So many tokens before a change are encoded again at first: the last one, which nearly always may
// grow, but seldom the one before it.
constexpr std::size_t first_window_tokens = 1;

}  // namespace

std::size_t GrowingPiece::count(const Vocabulary& vocabulary, std::string_view piece,
                                std::size_t unchanged) {
  const std::size_t keep = std::min(unchanged, piece.size());
  if (bytes_ == piece.size() && keep == bytes_) return tokens_.size();
  while (bytes_ > keep) drop_last(vocabulary);
  std::vector<Token> fresh;
  for (std::size_t window = first_window_tokens;; window *= 2) {
    for (std::size_t i = 0; i < window && !tokens_.empty(); ++i) drop_last(vocabulary);
    fresh.clear();
    encode_piece(vocabulary, piece.substr(bytes_), &fresh);
    if (tokens_.empty() || fresh.empty() || vocabulary.separate(tokens_.back(), fresh.front())) {
      break;
    }
  }
  for (const Token token : fresh) tokens_.push_back(token);
  bytes_ = piece.size();
  return tokens_.size();
}

void GrowingPiece::drop_last(const Vocabulary& vocabulary) {
  bytes_ -= vocabulary.length(tokens_.back());
  tokens_.pop_back();
}

}  // namespace weir::tokens
