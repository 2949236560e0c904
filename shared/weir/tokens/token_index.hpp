#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "weir/tokens/token.hpp"
#include "weir/tokens/token_bytes.hpp"

namespace weir::tokens {

/// Finds tokens by their bytes: the one that has exactly these, and the longest one that a text
/// begins with. A hash table, whose slots hold up to eight bytes themselves, so that a look at most
/// words of a text touches one line of the cache; and two small filters before it, which know
/// nearly every time that there is nothing to find.
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
      return find_short(load_word(key.data()) & low_bytes(key.size()), key.size());
    }
    return find_middle(bytes, words_of(key.data(), readable_bytes), key.size());
  }

  /// The longest token that the text, which is not empty, begins with.
  Token longest(const TokenBytes& bytes, const char* text, std::size_t size,
                std::size_t readable) const {
    const Token token = longest_above(bytes, text, size, readable, 2);
    if (token != no_token) return token;
    return size == 1 ? ones_[static_cast<std::uint8_t>(*text)] : beginning_of_two(text);
  }

  /// The same of those that have more than `least` bytes, which are two or more; or no_token. (The
  /// text is no string_view because WebAssembly would pass that through memory.)
  Token longest_above(const TokenBytes& bytes, const char* text, std::size_t size,
                      std::size_t readable, std::size_t least) const;

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

  /// Of a key, which is a token's bytes or their hash.
  std::size_t home(std::uint64_t key) const {
    return static_cast<std::size_t>(((mixed(key) >> 32) * homes_) >> 32);
  }

  std::size_t filter_bit(std::uint64_t key) const {
    return static_cast<std::size_t>(mixed(key) >> filter_shift_);
  }

  void add_length(Words words, unsigned bit) {
    std::uint16_t& lengths = lengths_[beginning(words.first)];
    lengths = static_cast<std::uint16_t>(lengths | bit);
  }
  static constexpr unsigned longer_lengths = 1;  ///< in lengths_: of more than sixteen bytes

  void add_to_filter(std::uint64_t key) {
    const std::size_t bit = filter_bit(key);
    filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }

  bool may_hold(std::uint64_t key) const {
    const std::size_t bit = filter_bit(key);
    return (filter_[bit / 64] >> (bit % 64)) & 1;
  }

  Token find_short(std::uint64_t key, std::size_t length) const {
    const Slot* slot = slots_.data() + home(key);
    while (slot->key != key || slot->length != length) {
      if (slot->length == 0) return no_token;
      ++slot;
    }
    return slot->token;
  }

  /// Of 9 to 16 bytes.
  Token find_middle(const TokenBytes& bytes, Words words, std::size_t length) const {
    words.second &= low_bytes(length - word);
    const std::uint64_t hash = folded(folded(length, words.first), words.second);
    for (const Slot* slot = slots_.data() + home(hash); slot->length != 0; ++slot) {
      if (slot->key != hash || slot->length != length) continue;
      const Words found = words_of(bytes[slot->token].data(), readable_bytes);
      if (found.first == words.first && (found.second & low_bytes(length - word)) == words.second) {
        return slot->token;
      }
    }
    return no_token;
  }

  Token beginning_of_two(const char* text) const {
    const auto byte = [&](std::size_t i) -> std::size_t {
      return static_cast<std::uint8_t>(text[i]);
    };
    return twos_[byte(0) << 8 | byte(1)];
  }

  Token find_slowly(const TokenBytes& bytes, std::string_view key) const;
  Token find_hashed(const TokenBytes& bytes, std::string_view key, std::uint64_t hash) const;
  Token find_long(const TokenBytes& bytes, std::string_view key) const;
  Token longest_long(const TokenBytes& bytes, std::string_view text, std::size_t most) const;
  bool insert(const TokenBytes& bytes, Token token);
  void insert_short(std::string_view text, Token token);
  void insert_beginning(Words words, std::size_t length);
  void skip(std::size_t& slot);

  /// Where lengths_ tells of the tokens that have the same first three bytes, among others.
  static std::size_t beginning(std::uint64_t first_word) {
    return (static_cast<std::uint32_t>(first_word << 8) * 0x9E3779B1U) >> 16;
  }

  /// The key of the slot that stands for the tokens with these sixteen bytes and more. Its `length`
  /// is one that no token has, its `token` the length of the longest of them.
  static std::uint64_t long_beginning(Words words) { return folded(words.first, words.second); }
  static constexpr std::uint32_t beginning_mark = longest_token_bytes + 1;

  std::size_t longest_from(Words words) const {
    if (!may_hold(long_beginning(words))) return 0;
    const Token most = find_short(long_beginning(words), beginning_mark);
    return most == no_token ? 0 : most;
  }

  std::uint64_t homes_ = 0;
  std::vector<Slot> slots_;  ///< with empty ones behind the last, so that no search wraps around
  std::vector<std::uint64_t> filter_;  ///< a bit for the hash of each slot's key
  unsigned filter_shift_ = 0;
  std::vector<std::uint16_t> lengths_;  ///< bit n - 1: some token of n bytes, 3 to 16, begins so
  std::array<Token, 256> ones_;         ///< the tokens of one byte
  std::vector<Token>
      twos_;  ///< the longest token that two bytes, the first one highest, begin with
};

}  // namespace weir::tokens
