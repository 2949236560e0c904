#include "weir/tokens/vocabulary.hpp"

#include <string>
#include <utility>

#include "weir/base/hash.hpp"

namespace weir::tokens {
namespace {

// VOCABULARY.md describes the layout.
constexpr std::string_view magic{"WEIRVOC\0", 8};
constexpr std::uint32_t version = 2;
constexpr std::size_t version_at = 8;
constexpr std::size_t name_at = 12;
constexpr std::size_t name_bytes = 16;
constexpr std::size_t count_at = 28;
constexpr std::size_t crc_at = 32;
constexpr std::size_t header_bytes = 36;
constexpr std::size_t planes = 6;

constexpr std::uint32_t most_tokens = 262142;

Error unsupported(std::string message) {
  return {ErrorCode::pack_unsupported, std::move(message),
          "Use the vocabulary files that were built together with this program."};
}

Error damaged(std::string message) {
  return {ErrorCode::pack_damaged, std::move(message),
          "Load the vocabulary again, or build it anew: its bytes were changed on the way."};
}

/// A token's bytes where the file has bytes, its pair where it has one.
Result<void> read_tokens(Bytes body, std::uint32_t count, TokenBytes& bytes,
                         std::vector<Pair>& pairs) {
  bytes.reserve(count, std::size_t{count} * 8);
  pairs.assign(count, {});
  for (std::uint32_t i = 0; i < first_merged; ++i) bytes.append(body[i]);

  const std::size_t merged = count - first_merged;
  const auto byte = [&](std::size_t plane, std::size_t i) {
    return static_cast<Token>(body[first_merged + plane * merged + i]);
  };
  const auto number = [&](std::size_t side, std::size_t i) {
    return byte(4 + side, i) | byte(side, i) << 8 | byte(2 + side, i) << 16;
  };
  for (std::size_t i = 0; i < merged; ++i) {
    const auto token = static_cast<Token>(first_merged + i);
    const Pair pair{number(0, i), number(1, i)};
    if (pair.left >= token || pair.right >= token) {
      return damaged("A token is made of tokens that come after it.");
    }
    if (bytes.length(pair.left) + bytes.length(pair.right) > longest_token_bytes) {
      return damaged("A token is longer than any real one.");
    }
    bytes.append(pair);
    pairs[token] = pair;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<const Vocabulary>> Vocabulary::load(Bytes file) {
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
  const std::size_t tokens_end = first_merged + planes * (std::size_t{count} - first_merged);
  if (count < first_merged || count > most_tokens || body.size() < tokens_end) {
    return damaged("The token vocabulary has not the length that its header states.");
  }
  if (crc32(body) != load_little_endian<std::uint32_t>(file.data() + crc_at)) {
    return damaged("The token vocabulary's checksum is wrong.");
  }

  std::unique_ptr<Vocabulary> vocabulary(new Vocabulary(*encoding));
  if (const auto built = vocabulary->build(body, count); !built) return built.error();
  if (!vocabulary->normalizer_.load(body.subspan(tokens_end))) {
    return damaged("The token vocabulary's normalization tables are not in order.");
  }
  return std::unique_ptr<const Vocabulary>(std::move(vocabulary));
}

bool Vocabulary::separate(Token left, Token right) const {
  return separate(left, right, {bytes(left).back(), bytes(right).front()});
}

Result<void> Vocabulary::build(Bytes body, std::uint32_t count) {
  std::vector<Pair> pairs;
  if (const auto read = read_tokens(body, count, bytes_, pairs); !read) return read.error();
  if (!index_.build(bytes_)) return damaged("Two tokens have the same bytes.");
  if (!joins_.build(bytes_, std::move(pairs))) {
    return damaged("A token is not what the merges make of its bytes.");
  }
  return {};
}

}  // namespace weir::tokens
