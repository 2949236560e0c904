#include "weir/tokens/bpe.hpp"

#include <array>
#include <cstdint>

#include "weir/base/assert.hpp"

namespace weir::tokens {
namespace {

/// Finds the encoding of a piece from its beginning, as a path of tokens of which each two
/// neighbours stay apart (joins.hpp): takes the longest token that may follow, and steps back where
/// none may. The encoding of the bytes up to some place is unique; so where it is found to lead
/// nowhere, that place is never tried again, and the whole takes linear time.
///
/// Of the storage, `tokens` has room for as many as the piece has bytes, `dead` a bit for each.
class Path {
 public:
  Path(const Vocabulary& vocabulary, std::string_view piece, std::size_t readable, Token* tokens,
       std::uint64_t* dead)
      : vocabulary_(vocabulary), piece_(piece), readable_(readable), tokens_(tokens), dead_(dead) {}

  /// How many tokens there are.
  std::size_t find() {
    Token next = longest();
    while (true) {
      if (next == no_token) {
        WEIR_ASSERT(count_ > 0);
        dead_[at_ / 64] |= std::uint64_t{1} << (at_ % 64);
        next = tokens_[--count_];
        at_ -= vocabulary_.length(next);
      } else if (follows(next)) {
        tokens_[count_++] = next;
        at_ += vocabulary_.length(next);
        if (at_ == piece_.size()) return count_;
        next = longest();
        continue;
      }
      next = vocabulary_.shorter(next);
    }
  }

 private:
  bool follows(Token next) const {
    const std::size_t end = at_ + vocabulary_.length(next);
    if (end < piece_.size() && dead_[end / 64] >> (end % 64) & 1) return false;
    return count_ == 0 || vocabulary_.separate(tokens_[count_ - 1], next);
  }

  Token longest() const { return vocabulary_.longest(piece_.substr(at_), readable_ - at_); }

  const Vocabulary& vocabulary_;
  std::string_view piece_;
  std::size_t readable_;
  Token* tokens_;
  std::uint64_t* dead_;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
};

void append(std::vector<Token>& out, const Token* tokens, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out.push_back(tokens[i]);
}

}  // namespace

std::size_t encode_several(const Vocabulary& vocabulary, std::string_view piece,
                           std::size_t readable, std::vector<Token>* out) {
  constexpr std::size_t short_bytes = 64;
  if (piece.size() <= short_bytes) {
    std::array<Token, short_bytes> tokens;
    std::uint64_t dead = 0;
    const std::size_t count = Path(vocabulary, piece, readable, tokens.data(), &dead).find();
    if (out) append(*out, tokens.data(), count);
    return count;
  }
  std::vector<Token> tokens(piece.size());
  std::vector<std::uint64_t> dead(piece.size() / 64 + 1);
  const std::size_t count = Path(vocabulary, piece, readable, tokens.data(), dead.data()).find();
  if (out) append(*out, tokens.data(), count);
  return count;
}

std::size_t encode_piece(const Vocabulary& vocabulary, std::string_view piece,
                         std::vector<Token>* out) {
  if (piece.empty()) return 0;
  // Most pieces of real text are tokens themselves; a token's bytes always join to it.
  if (const Token whole = vocabulary.find(piece); whole != no_token) {
    if (out) out->push_back(whole);
    return 1;
  }
  return encode_several(vocabulary, piece, piece.size(), out);
}

}  // namespace weir::tokens
