#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "weir/tokens/token.hpp"
#include "weir/tokens/token_bytes.hpp"

namespace weir::tokens {

/// Finds tokens by their bytes: the one that has exactly these, and those that a text begins with.
/// A hash table, whose slots hold up to eight bytes themselves, so that a look at most words of a
/// text touches one line of the cache; and before it two small tables of the lengths that tokens
/// with some first bytes have, which know nearly every time what there is to find.
class TokenIndex {
 public:
  /// False if two tokens have the same bytes.
  bool build(const TokenBytes& bytes);

  // `readable` is how many bytes may be read from the beginning: at least as many as are looked at,
  // and the search is faster if it is readable_bytes or more.
  static constexpr std::size_t readable_bytes = TokenBytes::readable_bytes;

  /// The token, or no_token.
  Token find(const TokenBytes& bytes, std::string_view key, std::size_t readable) const {
    if (key.size() > two_words || readable < readable_bytes) return find_slowly(bytes, key);
    if (key.size() <= word) {
      return find_short({load_word(key.data()), 0}, key.size());
    }
    return find_middle(bytes, words_of(key.data(), readable_bytes), key.size());
  }

  /// The tokens that a text begins with.
  class Prefixes;

 private:
  static constexpr std::size_t word = 8;
  static constexpr std::size_t two_words = 16;

  /// The first sixteen bytes from some place, the first one lowest, or as many as there are.
  struct Words {
    std::uint64_t first;
    std::uint64_t second;
  };

  struct Slot {
    std::uint64_t key = 0;  ///< the bytes, the first one lowest; of longer tokens their hash
    Token token = no_token;
    std::uint32_t length = 0;  ///< 0: the slot is empty
  };

  static std::uint64_t load_word(const char* at) {
    std::uint64_t loaded;
    std::memcpy(&loaded, at, sizeof loaded);
    return loaded;
  }

  static Words words_of(const char* at, std::size_t readable) {
    if (readable >= readable_bytes) return {load_word(at), load_word(at + word)};
    Words words{0, 0};
    std::memcpy(&words, at, readable);
    return words;
  }

  /// A mask of the first `count` bytes, 0 to 8.
  static std::uint64_t low_bytes(std::size_t count) {
    return count == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * count);
  }

  static std::uint64_t mixed(std::uint64_t value) { return value * 0x9E3779B97F4A7C15ULL; }
  static std::uint64_t folded(std::uint64_t hash, std::uint64_t more) {
    return ((hash ^ more) * 0xBF58476D1CE4E5B9ULL) ^ (hash >> 29);
  }

  /// Of 9 to 16 bytes.
  static std::uint64_t hash_of(Words words, std::size_t length) {
    return folded(folded(length, words.first), words.second & low_bytes(length - word));
  }
  static std::uint64_t hash_of(std::string_view key);

  /// Of a key, which is a token's bytes or their hash, and of its first byte.
  std::size_t home(std::uint64_t key, char first_byte) const {
    const Neighbourhood& near = neighbourhoods_[static_cast<std::uint8_t>(first_byte)];
    return near.first + static_cast<std::size_t>(((mixed(key) >> 32) * near.homes) >> 32);
  }
  static char first_byte(Words words) { return static_cast<char>(words.first); }

  std::size_t filter_bit(std::uint64_t key) const {
    return static_cast<std::size_t>(mixed(key) >> filter_shift_);
  }

  /// A set of lengths of 3 bytes and more: bit n - 1 for one of n, up to sixteen; this one for
  /// more.
  using Lengths = std::uint16_t;
  static constexpr unsigned longer_lengths = 1;

  /// The lengths that some token may have which begins so: all that do are among them.
  unsigned lengths_of(std::uint64_t first_word) const {
    const unsigned lengths = by_three_bytes_[three_bytes(first_word)];
    const unsigned bytes = closer_bytes(first_word);
    const unsigned shorter = (1U << (bytes - 1)) - 2;
    if ((lengths & ~shorter) == 0) return lengths;
    return lengths & (by_more_bytes_[more_bytes(first_word, bytes)] | shorter);
  }
  void add_length(Words words, std::size_t length);

  /// So many bytes tell the lengths more closely: two characters of the scripts that have three
  /// bytes a character, whose commonest characters begin tokens of all lengths.
  static unsigned closer_bytes(std::uint64_t first_word) {
    return static_cast<std::uint8_t>(first_word) >= 0xE0 ? 6 : 4;
  }

  void add_to_filter(std::uint64_t key) {
    const std::size_t bit = filter_bit(key);
    filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }

  bool may_hold(std::uint64_t key) const {
    const std::size_t bit = filter_bit(key);
    return (filter_[bit / 64] >> (bit % 64)) & 1;
  }

  /// What a slot with this key and length has as its token.
  Token look_up(std::uint64_t key, char first_byte, std::size_t length) const {
    const Slot* slot = slots_.data() + home(key, first_byte);
    while (slot->key != key || slot->length != length) {
      if (slot->length == 0) return no_token;
      ++slot;
    }
    return slot->token;
  }

  /// Of up to eight bytes.
  Token find_short(Words words, std::size_t length) const {
    return look_up(words.first & low_bytes(length), first_byte(words), length);
  }

  /// Of 9 to 16 bytes.
  Token find_middle(const TokenBytes& bytes, Words words, std::size_t length) const {
    words.second &= low_bytes(length - word);
    const std::uint64_t hash = folded(folded(length, words.first), words.second);
    for (const Slot* slot = slots_.data() + home(hash, first_byte(words)); slot->length != 0;
         ++slot) {
      if (slot->key != hash || slot->length != length) continue;
      const Words found = words_of(bytes[slot->token].data(), readable_bytes);
      if (found.first == words.first && (found.second & low_bytes(length - word)) == words.second) {
        return slot->token;
      }
    }
    return no_token;
  }

  Token find_slowly(const TokenBytes& bytes, std::string_view key) const;
  Token find_hashed(const TokenBytes& bytes, std::string_view key, std::uint64_t hash) const;
  Token find_long(const TokenBytes& bytes, std::string_view key) const;
  Token longest_long(const TokenBytes& bytes, std::string_view text) const;
  void make_room(const TokenBytes& bytes);
  bool insert(const TokenBytes& bytes, Token token);
  void insert_short(std::string_view text, Token token);
  void insert_beginning(Words words, std::size_t length);
  void skip(std::size_t& slot);

  // Where the two tables tell of the tokens that have the same first bytes, among others.
  static constexpr unsigned three_bytes_bits = 16;
  static std::size_t three_bytes(std::uint64_t first_word) {
    return (static_cast<std::uint32_t>(first_word << 8) * 0x9E3779B1U) >> (32 - three_bytes_bits);
  }
  static constexpr unsigned more_bytes_bits = 17;
  static std::size_t more_bytes(std::uint64_t first_word, unsigned bytes) {
    return static_cast<std::size_t>(mixed(first_word << (64 - 8 * bytes)) >>
                                    (64 - more_bytes_bits));
  }

  /// The key of the slot that stands for the tokens with these sixteen bytes and more. Its `length`
  /// is one that no token has, its `token` the length of the longest of them.
  static std::uint64_t long_beginning(Words words) { return folded(words.first, words.second); }
  static constexpr std::uint32_t beginning_mark = longest_token_bytes + 1;

  std::size_t longest_from(Words words) const {
    if (!may_hold(long_beginning(words))) return 0;
    const Token most = look_up(long_beginning(words), first_byte(words), beginning_mark);
    return most == no_token ? 0 : most;
  }

  /// Where the tokens with one first byte are. In a text those of one script come together, and so
  /// do here what it touches of the table.
  struct Neighbourhood {
    std::uint32_t first = 0;
    std::uint32_t homes = 0;
  };

  std::array<Neighbourhood, 256> neighbourhoods_;
  std::vector<Slot> slots_;  ///< with empty ones behind the last, so that no search wraps around
  std::vector<Lengths> by_three_bytes_;
  std::vector<Lengths> by_more_bytes_;  ///< of tokens that have closer_bytes() or more
  std::vector<std::uint64_t> filter_;   ///< a bit for each slot of more than sixteen bytes
  unsigned filter_shift_ = 0;
  std::array<Token, 256> ones_;  ///< the tokens of one byte
  std::vector<Token>
      twos_;  ///< the longest token that two bytes, the first one highest, begin with
};

/// The tokens that a text begins with, from the longest one on. It is inlined by force, as are
/// others on the way of every token: WebAssembly passes a struct of two members through memory.
class TokenIndex::Prefixes {
 public:
  /// Of a text that is not empty. (It is no string_view because WebAssembly would pass that through
  /// memory.)
  Prefixes(const TokenIndex& index, const TokenBytes& bytes, const char* text, std::size_t size,
           std::size_t readable)
      : index_(&index), bytes_(&bytes), text_(text), words_(words_of(text, readable)) {
    const unsigned lengths = index.lengths_of(words_.first);
    if (size > two_words && (lengths & longer_lengths)) {
      most_ = std::min(size, index.longest_from(words_));
    }
    lengths_ = (lengths ^ (lengths & longer_lengths)) & up_to(size);
    short_ = static_cast<std::uint32_t>(std::min<std::size_t>(size, 2));
  }

  /// Leaves out those that have so many bytes or more.
  void only_below(std::size_t length) {
    most_ = std::min(most_, length - 1);
    lengths_ &= up_to(length - 1);
    short_ = std::min(short_, static_cast<std::uint32_t>(length - 1));
  }

  struct Prefix {
    Token token;  ///< or no_token: there are no more
    std::uint32_t length;
  };
  [[gnu::always_inline]] Prefix next() {
    if (most_ > two_words) {
      const Prefix found = next_long();
      if (found.token != no_token) return found;
    }
    while (lengths_ != 0) {
      const auto length = static_cast<std::uint32_t>(std::bit_width(lengths_));
      lengths_ ^= 1U << (length - 1);
      const Token token = length > word ? index_->find_middle(*bytes_, words_, length)
                                        : index_->find_short(words_, length);
      if (token != no_token) return {token, length};
    }
    return next_short();
  }

 private:
  static unsigned up_to(std::size_t length) {
    return length >= two_words ? ~0U : (1U << length) - 1;
  }

  Prefix next_long() {
    const Token token = index_->longest_long(*bytes_, std::string_view(text_, most_));
    const std::size_t length = token == no_token ? 0 : bytes_->length(token);
    most_ = length == 0 ? 0 : length - 1;
    return {token, static_cast<std::uint32_t>(length)};
  }

  /// Of two bytes or one.
  [[gnu::always_inline]] Prefix next_short() {
    if (short_ == 0) return {no_token, 0};
    const auto first = static_cast<std::uint8_t>(words_.first);
    const auto second = static_cast<std::uint8_t>(words_.first >> 8);
    const Token token =
        short_ == 2 ? index_->twos_[std::size_t{first} << 8 | second] : index_->ones_[first];
    const std::uint32_t length = token < first_merged ? 1 : 2;
    short_ = length - 1;
    return {token, length};
  }

  const TokenIndex* index_;
  const TokenBytes* bytes_;
  const char* text_;
  Words words_;
  std::size_t most_ = 0;  ///< those of more than sixteen bytes that are left have no more than this
  unsigned lengths_;      ///< those of 3 to sixteen that may be left
  std::uint32_t short_;   ///< those of two bytes or one that are left have no more than this
};

}  // namespace weir::tokens
