#include "weir/tokens/token_index.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace weir::tokens {
namespace {

// What makes a search stop after little more than one look.
constexpr std::uint32_t homes_per_two_slots = 3;
constexpr std::size_t overflow_slots = 256;  // behind the last home; more are made where needed
constexpr std::size_t filter_bits_per_slot = 8;

}  // namespace

bool TokenIndex::build(const TokenBytes& bytes) {
  make_room(bytes);
  for (Token token = 0; token < bytes.size(); ++token) {
    if (!insert(bytes, token)) return false;
  }
  return true;
}

void TokenIndex::make_room(const TokenBytes& bytes) {
  std::array<std::uint32_t, 256> slots{};
  std::size_t long_slots = 0;
  for (Token token = 0; token < bytes.size(); ++token) {
    const bool is_long = bytes.length(token) > two_words;  // may need one for its beginning, too
    slots[static_cast<std::uint8_t>(bytes[token][0])] += is_long ? 2 : 1;
    if (is_long) long_slots += 2;
  }
  std::uint32_t homes = 0;
  for (std::size_t byte = 0; byte < slots.size(); ++byte) {
    neighbourhoods_[byte] = {homes, slots[byte] * homes_per_two_slots / 2};
    homes += neighbourhoods_[byte].homes;
  }
  slots_.reserve(homes + overflow_slots);
  slots_.resize(std::size_t{homes} + 1);
  std::size_t bits = 64;
  filter_shift_ = 64 - 6;
  for (; bits < filter_bits_per_slot * long_slots; bits *= 2) --filter_shift_;
  filter_.assign(bits / 64, 0);
  by_three_bytes_.assign(std::size_t{1} << three_bytes_bits, 0);
  by_more_bytes_.assign(std::size_t{1} << more_bytes_bits, 0);
  twos_.assign(1 << 16, no_token);
}

bool TokenIndex::insert(const TokenBytes& bytes, Token token) {
  const std::string_view text = bytes[token];
  const Words words = words_of(text.data(), text.size());
  const std::uint64_t key = text.size() <= word        ? words.first
                            : text.size() <= two_words ? hash_of(words, text.size())
                                                       : hash_of(text);
  std::size_t slot = home(key, text[0]);
  while (slots_[slot].length != 0) {
    if (slots_[slot].key == key && slots_[slot].length == text.size() &&
        bytes[slots_[slot].token] == text) {
      return false;
    }
    skip(slot);
  }
  slots_[slot] = {key, token, static_cast<std::uint32_t>(text.size())};
  if (text.size() > two_words) {
    add_to_filter(key);
    insert_beginning(words, text.size());
  } else if (text.size() <= 2) {
    insert_short(text, token);
  } else {
    add_length(words, text.size());
  }
  return true;
}

void TokenIndex::insert_beginning(Words words, std::size_t length) {
  const std::uint64_t key = long_beginning(words);
  std::size_t slot = home(key, first_byte(words));
  while (slots_[slot].length != 0 &&
         (slots_[slot].key != key || slots_[slot].length != beginning_mark)) {
    skip(slot);
  }
  add_to_filter(key);
  add_length(words, length);
  const bool first = slots_[slot].length == 0;
  const auto most = static_cast<Token>(length);
  slots_[slot] = {key, first ? most : std::max(slots_[slot].token, most), beginning_mark};
}

/// Of one or two bytes; those of one come first.
void TokenIndex::insert_short(std::string_view text, Token token) {
  const std::size_t first = static_cast<std::uint8_t>(text[0]);
  if (text.size() == 2) {
    twos_[first << 8 | static_cast<std::uint8_t>(text[1])] = token;
    return;
  }
  ones_[first] = token;
  std::fill_n(twos_.begin() + static_cast<std::ptrdiff_t>(first << 8), 256, token);
}

/// To the next slot. The last one stays empty.
void TokenIndex::skip(std::size_t& slot) {
  if (++slot + 1 == slots_.size()) slots_.emplace_back();
}

/// Of more than sixteen bytes: word after word, the last one's missing bytes being zero.
std::uint64_t TokenIndex::hash_of(std::string_view key) {
  std::uint64_t hash = 0;
  std::string_view rest = key;
  for (; rest.size() > word; rest.remove_prefix(word)) {
    hash = folded(hash, words_of(rest.data(), word).first);
  }
  return folded(hash, words_of(rest.data(), rest.size()).first) + key.size();
}

Token TokenIndex::find_hashed(const TokenBytes& bytes, std::string_view key,
                              std::uint64_t hash) const {
  for (const Slot* slot = slots_.data() + home(hash, key[0]); slot->length != 0; ++slot) {
    if (slot->key == hash && slot->length == key.size() && bytes[slot->token] == key) {
      return slot->token;
    }
  }
  return no_token;
}

Token TokenIndex::find_slowly(const TokenBytes& bytes, std::string_view key) const {
  if (key.size() > two_words) return find_long(bytes, key);
  const Words words = words_of(key.data(), key.size());
  return key.size() <= word ? find_short(words, key.size()) : find_middle(bytes, words, key.size());
}

Token TokenIndex::find_long(const TokenBytes& bytes, std::string_view key) const {
  const Words words = words_of(key.data(), two_words);
  if (key.size() > longest_from(words)) return no_token;
  return find_hashed(bytes, key, hash_of(key));
}

/// Of more than sixteen bytes, and no more than a token has. The hashes up to each word are kept,
/// so that hash_of() of any beginning takes one step more.
Token TokenIndex::longest_long(const TokenBytes& bytes, std::string_view text) const {
  std::array<std::uint64_t, longest_token_bytes / word> hashes;
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < text.size(); at += word) {
    hashes[at / word] = hash;
    hash = folded(hash, words_of(text.data() + at, text.size() - at).first);
  }
  for (std::size_t length = text.size(); length > two_words; --length) {
    const std::size_t last = (length - 1) / word * word;
    const std::uint64_t rest = words_of(text.data() + last, length - last).first;
    const std::uint64_t key = folded(hashes[last / word], rest) + length;
    if (!may_hold(key)) continue;
    const Token token = find_hashed(bytes, text.substr(0, length), key);
    if (token != no_token) return token;
  }
  return no_token;
}

void TokenIndex::add_length(Words words, std::size_t length) {
  const unsigned bit = length > two_words ? longer_lengths : 1U << (length - 1);
  const auto add = [bit](Lengths& lengths) { lengths = static_cast<Lengths>(lengths | bit); };
  add(by_three_bytes_[three_bytes(words.first)]);
  const unsigned bytes = closer_bytes(words.first);
  if (length >= bytes) add(by_more_bytes_[more_bytes(words.first, bytes)]);
}

}  // namespace weir::tokens
