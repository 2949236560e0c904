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
    std::size_t below = any_length;
    while (at_ < piece_.size()) below = step(below) ? any_length : step_back();
    return count_;
  }

 private:
  static constexpr std::size_t any_length = longest_token_bytes + 1;

  /// Takes the longest of those tokens shorter than `below` that may follow; false if none may.
  bool step(std::size_t below) {
    TokenIndex::Prefixes prefixes =
        vocabulary_.prefixes(piece_.data() + at_, piece_.size() - at_, readable_ - at_);
    if (below != any_length) prefixes.only_below(below);
    bool is_longest = below == any_length;
    while (true) {
      const TokenIndex::Prefixes::Prefix next = prefixes.next();
      if (next.token == no_token) return false;
      if (follows(next)) {
        tokens_[count_++] = next.token;
        at_ += next.length;
        last_is_longest_ = is_longest;
        return true;
      }
      is_longest = false;
    }
  }

  /// Gives up the last token, which leads nowhere, and says its length.
  std::size_t step_back() {
    WEIR_ASSERT(count_ > 0);
    dead_[at_ / 64] |= std::uint64_t{1} << (at_ % 64);
    const std::size_t length = vocabulary_.length(tokens_[--count_]);
    at_ -= length;
    last_is_longest_ = false;
    return length;
  }

  [[gnu::always_inline]] bool follows(TokenIndex::Prefixes::Prefix next) const {
    const std::size_t end = at_ + next.length;
    if (end < piece_.size() && dead_[end / 64] >> (end % 64) & 1) return false;
    return count_ == 0 || vocabulary_.separate(tokens_[count_ - 1], next.token,
                                               {piece_[at_ - 1], piece_[at_], !last_is_longest_});
  }

  const Vocabulary& vocabulary_;
  std::string_view piece_;
  std::size_t readable_;
  Token* tokens_;
  std::uint64_t* dead_;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
  bool last_is_longest_ = false;  ///< of all tokens that the text in its place begins with
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
