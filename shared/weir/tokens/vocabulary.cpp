#include "weir/tokens/vocabulary.hpp"

#include <cstring>
#include <string>

#include "weir/base/hash.hpp"

namespace weir::tokens {
namespace {

// VOCABULARY.md describes the layout.
constexpr std::string_view magic{"WEIRVOC\0", 8};
constexpr std::uint32_t version = 1;
constexpr std::size_t version_at = 8;
constexpr std::size_t name_at = 12;
constexpr std::size_t name_bytes = 16;
constexpr std::size_t count_at = 28;
constexpr std::size_t crc_at = 32;
constexpr std::size_t header_bytes = 36;
constexpr std::uint32_t single_bytes = 256;
constexpr std::size_t planes = 6;

// A slot of the hash table packs a token's number plus one and some bits of its hash, so that most
// misses end without a look at the token's bytes.
constexpr std::uint32_t number_bits = 18;
constexpr std::uint32_t number_mask = (1U << number_bits) - 1;
constexpr std::uint32_t most_tokens = number_mask - 1;

// Bounds what a forged file can make us allocate; the real ones have at most 128.
constexpr std::size_t longest_token_bytes = 256;

Error unsupported(std::string message) {
  return {ErrorCode::pack_unsupported, std::move(message),
          "Use the vocabulary files that were built together with this program."};
}

Error damaged(std::string message) {
  return {ErrorCode::pack_damaged, std::move(message),
          "Load the vocabulary again, or build it anew: its bytes were changed on the way."};
}

template <class T>
T load_as(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t hash = (a ^ 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
  hash ^= hash >> 32;
  hash = (hash ^ b) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 29);
}

/// Short keys are read in two overlapping halves; nearly all tokens have at most 16 bytes.
std::uint64_t hash_of(std::string_view bytes) {
  const char* const begin = bytes.data();
  const std::size_t size = bytes.size();
  if (size < 4) {
    const auto at = [&](std::size_t i) {
      return static_cast<std::uint64_t>(static_cast<std::uint8_t>(begin[i]));
    };
    return size == 0 ? 0 : mix(at(0) | at(size / 2) << 8 | at(size - 1) << 16, size);
  }
  if (size <= 8) {
    const std::uint64_t low = load_as<std::uint32_t>(begin);
    return mix(low << 32 | load_as<std::uint32_t>(begin + size - 4), size);
  }
  std::uint64_t hash = size;
  for (std::size_t at = 0; at + 8 < size; at += 8)
    hash = mix(load_as<std::uint64_t>(begin + at), hash);
  return mix(load_as<std::uint64_t>(begin + size - 8), hash);
}

std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32) & ~number_mask;
}

}  // namespace

Result<Vocabulary> Vocabulary::load(Bytes file) {
  if (file.size() < header_bytes || as_text(file.first(magic.size())) != magic) {
    return unsupported("This is not a token vocabulary.");
  }
  if (load_little_endian<std::uint32_t>(file.data() + version_at) != version) {
    return unsupported("This token vocabulary has a version that this program cannot read.");
  }
  std::string_view written = as_text(file.subspan(name_at, name_bytes));
  written = written.substr(0, written.find('\0'));
  const std::optional<EncodingName> encoding = encoding_name(written);
  if (!encoding)
    return unsupported("This token vocabulary is of an encoding that is not known here.");

  const auto count = load_little_endian<std::uint32_t>(file.data() + count_at);
  const Bytes body = file.subspan(header_bytes);
  if (count < single_bytes || count > most_tokens ||
      body.size() != single_bytes + planes * std::size_t{count - single_bytes}) {
    return damaged("The token vocabulary has not the length that its header states.");
  }
  if (crc32(body) != load_little_endian<std::uint32_t>(file.data() + crc_at)) {
    return damaged("The token vocabulary's checksum is wrong.");
  }

  Vocabulary vocabulary;
  vocabulary.name_ = *encoding;
  if (const auto read = vocabulary.read_bytes(body, count); !read) return read.error();
  if (const auto indexed = vocabulary.index(); !indexed) return indexed.error();
  return vocabulary;
}

Result<void> Vocabulary::read_bytes(Bytes body, std::uint32_t count) {
  const std::size_t pairs = count - single_bytes;
  bytes_.reserve(std::size_t{count} * 8);
  offsets_.reserve(std::size_t{count} + 1);
  for (std::uint32_t i = 0; i < single_bytes; ++i) {
    offsets_.push_back(i);
    bytes_.push_back(static_cast<char>(body[i]));
  }
  offsets_.push_back(single_bytes);

  const std::uint8_t* const left = body.data() + single_bytes;
  const std::uint8_t* const right = left + 3 * pairs;
  const auto number = [pairs](const std::uint8_t* plane, std::size_t i) {
    return static_cast<Token>(plane[i] | plane[pairs + i] << 8 | plane[2 * pairs + i] << 16);
  };
  for (std::size_t i = 0; i < pairs; ++i) {
    const std::size_t before = bytes_.size();
    for (const Token part : {number(left, i), number(right, i)}) {
      if (part >= single_bytes + i) return damaged("A token is made of tokens that come after it.");
      const std::size_t begin = offsets_[part];
      const std::size_t length = offsets_[part + 1] - begin;
      const std::size_t end = bytes_.size();
      bytes_.resize(end + length);
      std::memcpy(bytes_.data() + end, bytes_.data() + begin, length);
    }
    const std::size_t length = bytes_.size() - before;
    if (length > longest_token_bytes) return damaged("A token is longer than any real one.");
    if (length > longest_) longest_ = length;
    offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }
  return {};
}

Result<void> Vocabulary::index() {
  std::size_t slots = 1;
  while (slots < 2 * size()) slots *= 2;
  slots_.assign(slots, 0);
  of_two_bytes_.assign(65536, no_token);
  for (Token token = 0; token < size(); ++token) {
    if (!insert(token)) return damaged("Two tokens have the same bytes.");
  }
  return {};
}

bool Vocabulary::insert(Token token) {
  const std::string_view key = bytes(token);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(key[i]); };
  const std::uint64_t hash = hash_of(key);
  std::size_t slot = hash & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const bool same_tag = (slots_[slot] & ~number_mask) == tag_of(hash);
    if (same_tag && bytes((slots_[slot] & number_mask) - 1) == key) return false;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  slots_[slot] = tag_of(hash) | (token + 1);
  if (key.size() == 1) of_byte_[byte(0)] = token;
  if (key.size() == 2) of_two_bytes_[static_cast<std::size_t>(byte(0)) << 8 | byte(1)] = token;
  return true;
}

Token Vocabulary::find(std::string_view key) const {
  if (key.size() > longest_) return no_token;
  const std::uint64_t hash = hash_of(key);
  const std::uint32_t tag = tag_of(hash);
  for (std::size_t slot = hash & (slots_.size() - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const std::uint32_t found = slots_[slot];
    if ((found & ~number_mask) != tag) continue;
    const Token token = (found & number_mask) - 1;
    if (bytes(token) == key) return token;
  }
  return no_token;
}

}  // namespace weir::tokens
