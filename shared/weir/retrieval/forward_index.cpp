#include "weir/retrieval/forward_index.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/pack_error.hpp"

namespace weir::retrieval {
namespace {

constexpr std::string_view magic = "WEIRFRWD";

/// Grows with any change of the format and of what is made of a file's text: chunks, terms, blocks,
/// vectors, phrases. The pack's own version is looked at, too.
constexpr std::uint32_t version = 2;

/// Magic, version, checksum; then, under the checksum: the pack's head's checksum, that of the
/// table of words, the key.
constexpr std::size_t summed_from = 16;
constexpr std::size_t head_bytes = 40;

/// Where a pack's header tells the checksum of itself and its table, which has those of all else.
constexpr std::size_t pack_sum_at = 28;

Error other_build() {
  return unsupported("What is kept for refreshing this pack belongs to another one.");
}

void append_file(std::vector<std::uint8_t>& out, const AnalysedFile& file) {
  store_little_endian(out, file.origin.content.low);
  store_little_endian(out, file.origin.content.high);
  store_little_endian(out, file.origin.stamp);
  append_number(out, static_cast<std::uint64_t>(file.admission));
  append_number(out, file.text_bytes);
  std::vector<std::uint8_t> terms;
  for (const std::uint32_t term : file.terms.terms) append_number(terms, term);
  append_number(out, terms.size());
  append_number(out, file.terms.occurrences.size());
  out.insert(out.end(), terms.begin(), terms.end());
  const Bytes occurrences = file.terms.occurrences;
  out.insert(out.end(), occurrences.begin(), occurrences.end());
}

}  // namespace

Result<std::vector<std::uint8_t>> write_forward_index(std::span<const AnalysedFile> files,
                                                      const Id128& key, Bytes pack_head,
                                                      std::uint32_t words_checksum, PackSink sink) {
  WEIR_ASSERT(pack_head.size() >= format::header_bytes);
  std::vector<std::uint8_t> head;
  store_little_endian(head, load_little_endian<std::uint32_t>(&pack_head[pack_sum_at]));
  store_little_endian(head, words_checksum);
  head.insert(head.end(), key.bytes.begin(), key.bytes.end());
  bool ok = sink(std::vector<std::uint8_t>(head_bytes));
  std::uint32_t sum = crc32(head);
  std::vector<std::uint8_t> record;
  for (const AnalysedFile& file : files) {
    record.clear();
    append_file(record, file);
    sum = crc32(record, sum);
    ok = ok && sink(record);
  }
  if (!ok) {
    return Error{ErrorCode::internal, "What is kept for refreshing the pack could not be written.",
                 "Check that there is room where it is to lie."};
  }
  std::vector<std::uint8_t> first(magic.begin(), magic.end());
  store_little_endian(first, version);
  store_little_endian(first, sum);
  first.insert(first.end(), head.begin(), head.end());
  return first;
}

Result<ForwardIndex> ForwardIndex::open(Bytes pack, Bytes forward, std::uint32_t words_checksum,
                                        const limits::Pack& limits) {
  auto whole = WholePack::open(pack, limits);
  if (!whole) return whole.error();
  const bool fits = forward.size() >= head_bytes && pack.size() >= format::header_bytes &&
                    as_text(forward.first(magic.size())) == magic &&
                    load_little_endian<std::uint32_t>(&forward[magic.size()]) == version &&
                    load_little_endian<std::uint32_t>(&forward[summed_from]) ==
                        load_little_endian<std::uint32_t>(&pack[pack_sum_at]) &&
                    (*whole)->info().builder == format::builder;
  if (!fits) return other_build();
  ForwardIndex index(*std::move(whole), forward);
  if (auto read = index.read(words_checksum); !read) return read.error();
  return index;
}

Result<void> ForwardIndex::read(std::uint32_t words_checksum) {
  NumberReader head(bytes_.subspan(summed_from + 4));
  if (load_little_endian<std::uint32_t>(head.take(4).data()) != words_checksum)
    return other_build();
  const Error broken = damaged("what is kept for refreshing it is not as it was written");
  const auto sum = load_little_endian<std::uint32_t>(&bytes_[magic.size() + 4]);
  if (crc32(bytes_.subspan(summed_from)) != sum) return broken;
  const Bytes key = head.take(key_.bytes.size());
  std::copy(key.begin(), key.end(), key_.bytes.begin());
  if (!read_files(bytes_.subspan(head_bytes))) return broken;
  auto keys = pack_->dictionary();
  if (!keys) return keys.error();
  keys_ = *std::move(keys);
  return {};
}

bool ForwardIndex::read_files(Bytes body) {
  auto paths = pack_->paths();
  if (!paths || !*paths) return false;
  NumberReader reader(body);
  for (std::string& path : **paths) {
    const Bytes fixed = reader.take(24);
    if (!reader.ok()) return false;
    File& file = files_.emplace_back();
    file.path = std::move(path);
    file.origin = {{load_little_endian<std::uint64_t>(&fixed[0]),
                    load_little_endian<std::uint64_t>(&fixed[8])},
                   load_little_endian<std::uint64_t>(&fixed[16])};
    file.admission = static_cast<Admission>(reader.number(admission_count - 1));
    file.text_bytes = reader.number();
    const std::uint64_t terms = reader.number(), occurrences = reader.number();
    file.terms = reader.take(terms);
    file.occurrences = reader.take(occurrences);
  }
  return reader.ok() && reader.at_end();
}

const ForwardIndex::File* ForwardIndex::find(std::string_view path) const {
  const auto found = std::lower_bound(
      files_.begin(), files_.end(), path,
      [](const File& file, std::string_view wanted) { return file.path < wanted; });
  return found != files_.end() && found->path == path ? &*found : nullptr;
}

std::optional<AnalysedFile> ForwardIndex::with_stamp(std::string_view path,
                                                     std::uint64_t stamp) const {
  const File* const file = stamp != 0 ? find(path) : nullptr;
  return file && file->origin.stamp == stamp ? analysed(*file) : std::nullopt;
}

std::optional<AnalysedFile> ForwardIndex::with_content(std::string_view path,
                                                       const Hash128& content) const {
  const File* const file = find(path);
  return file && file->origin.content == content ? analysed(*file) : std::nullopt;
}

/// As an analyst would make it anew. Nothing where the pack has no such file after all.
std::optional<AnalysedFile> ForwardIndex::analysed(const File& file) const {
  if (!is_in(file.admission)) return std::nullopt;
  const auto number = static_cast<std::size_t>(&file - files_.data());
  AnalysedFile made;
  made.path = file.path;
  made.admission = file.admission;
  made.origin = file.origin;
  made.text_bytes = file.text_bytes;
  made.keys = &keys_;
  NumberReader terms(file.terms);
  while (!terms.at_end()) {
    const std::uint64_t term = terms.number();
    if (!terms.ok() || term >= keys_.size()) return std::nullopt;
    made.terms.terms.push_back(static_cast<std::uint32_t>(term));
  }
  made.terms.occurrences = HeldBytes(file.occurrences);
  const FileTable& table = pack_->files();
  made.chunks = table.chunks_of(number);
  for (std::size_t block = table.first_block[number]; block < table.first_block[number + 1];
       ++block) {
    made.blocks.push_back({table.block_chunk[block + 1] - table.block_chunk[block],
                           table.block_offset[block + 1] - table.block_offset[block]});
  }
  made.text = HeldBytes(pack_->stored_text(number));
  const auto vectors = pack_->vectors(table.first_chunk[number], made.chunks);
  if (!vectors) return std::nullopt;
  made.vectors = HeldBytes(*vectors);
  const auto phrases = pack_->phrases(table.first_chunk[number], made.chunks);
  if (!phrases) return std::nullopt;
  made.phrases = HeldBytes(*phrases);
  return made;
}

}  // namespace weir::retrieval
