#include "weir/retrieval/embedding_records.hpp"

#include <algorithm>

#include "weir/base/hash.hpp"
#include "weir/base/limits.hpp"
#include "weir/retrieval/numbers.hpp"

namespace weir::retrieval {
namespace {

constexpr std::string_view magic = "WEIREMBD";
constexpr std::uint32_t version = 1;
constexpr std::size_t head_bytes = 32;
constexpr std::size_t before_direction = 20;  ///< its length and the text's hash
constexpr std::size_t sum_bytes = 4;

}  // namespace

std::vector<std::uint8_t> EmbeddingRecords::head(const Id128& key) {
  std::vector<std::uint8_t> out;
  append_bytes(out, as_bytes(magic));
  store_little_endian(out, version);
  append_bytes(out, key.bytes);
  store_little_endian(out, crc32(out));
  return out;
}

bool EmbeddingRecords::is_one(Bytes file) {
  const std::string_view beginning = as_text(file.first(std::min(file.size(), magic.size())));
  return magic.starts_with(beginning);
}

std::optional<EmbeddingRecords> EmbeddingRecords::read(Bytes file) {
  EmbeddingRecords out;
  if (file.size() < head_bytes || !is_one(file) ||
      load_little_endian<std::uint32_t>(&file[magic.size()]) != version ||
      load_little_endian<std::uint32_t>(&file[head_bytes - sum_bytes]) !=
          crc32(file.first(head_bytes - sum_bytes))) {
    return std::nullopt;
  }
  std::copy_n(&file[magic.size() + sizeof version], out.key_.bytes.size(), out.key_.bytes.begin());
  std::size_t at = head_bytes;
  while (file.size() - at >= before_direction + sum_bytes) {
    const Bytes left = file.subspan(at);
    const auto size = load_little_endian<std::uint32_t>(&left[0]);
    if (size == 0 || size > limits::Pack().embedding_dimensions ||
        size > left.size() - before_direction - sum_bytes) {
      break;
    }
    const std::size_t summed = before_direction + size;
    if (load_little_endian<std::uint32_t>(&left[summed]) != crc32(left.first(summed))) break;
    const Hash128 text{load_little_endian<std::uint64_t>(&left[4]),
                       load_little_endian<std::uint64_t>(&left[12])};
    out.records_.insert_or_assign(text, left.subspan(before_direction, size));
    at += summed + sum_bytes;
  }
  out.sound_bytes_ = at;
  return out;
}

Hash128 EmbeddingRecords::hash_of(const EmbeddingSpace& space, std::string_view text) const {
  // The length of what stands before the text is told by its own first bytes.
  std::vector<std::uint8_t> hashed = write_embeddings_head(space);
  append_bytes(hashed, as_bytes(text));
  return siphash(key_, hashed);
}

std::optional<Bytes> EmbeddingRecords::find(const Hash128& text) const {
  const auto found = records_.find(text);
  return found == records_.end() ? std::nullopt : std::optional(found->second);
}

void EmbeddingRecords::append(std::vector<std::uint8_t>& out, const Hash128& text,
                              Bytes direction) {
  std::vector<std::uint8_t> record;
  store_little_endian(record, static_cast<std::uint32_t>(direction.size()));
  store_little_endian(record, text.low);
  store_little_endian(record, text.high);
  append_bytes(record, direction);
  store_little_endian(record, crc32(record));
  append_bytes(out, record);
}

}  // namespace weir::retrieval
