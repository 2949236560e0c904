#include "weir/retrieval/pack.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/json/json.hpp"
#include "weir/retrieval/vocabulary.hpp"

namespace weir::retrieval {
namespace {

using format::Section;

Error damaged(std::string what) {
  return {ErrorCode::pack_damaged, "The pack is damaged: " + std::move(what) + ".",
          "Fetch it again, or make it anew with `weir index`."};
}

Error unsupported(std::string what) {
  return {ErrorCode::pack_unsupported, std::move(what),
          "Make a pack with `weir index` of this version."};
}

std::uint32_t u32(const std::uint8_t* at) {
  return load_little_endian<std::uint32_t>(at);
}
std::uint64_t u64(const std::uint8_t* at) {
  return load_little_endian<std::uint64_t>(at);
}

std::vector<std::string> strings(const json::Value& object, std::string_view member) {
  std::vector<std::string> list;
  const json::Value* array = json::find(object, member);
  if (!array || !array->is_array()) return list;
  for (const json::Value& item : *array) {
    if (item.is_string()) list.push_back(item.get_ref<const std::string&>());
  }
  return list;
}

/// Magic, version, length and the checksum over header and table. Nothing else is looked at before.
Result<void> check_header(Bytes bytes, const limits::Pack& limits) {
  const std::string_view magic = as_text(bytes.first(std::min(bytes.size(), format::magic.size())));
  if (magic != format::magic) {
    if (!bytes.empty() && format::magic.starts_with(magic))
      return damaged("it ends within its header");
    return unsupported("This is not a Weir pack.");
  }
  if (bytes.size() < format::header_bytes) return damaged("it ends within its header");
  const std::uint32_t version = u32(&bytes[8]);
  if (version != format::version) {
    return unsupported("This pack has format version " + std::to_string(version) +
                       "; this build reads version " + std::to_string(format::version) + ".");
  }
  const std::uint64_t length = u64(&bytes[16]);
  if (length != bytes.size()) {
    return damaged("it should have " + std::to_string(length) + " bytes and has " +
                   std::to_string(bytes.size()));
  }
  if (length > limits.pack_bytes) {
    return Error{ErrorCode::request_too_large,
                 "The pack is larger than " + std::to_string(limits.pack_bytes) + " bytes.", ""};
  }
  const std::uint32_t count = u32(&bytes[12]);
  if (count > format::sections_most ||
      format::header_bytes + count * format::section_bytes > bytes.size()) {
    return damaged("its table of sections does not fit");
  }
  const Bytes table = bytes.subspan(format::header_bytes, count * format::section_bytes);
  if (crc32(table, crc32(bytes.first(28))) != u32(&bytes[28])) {
    return damaged("the checksum of its header is wrong");
  }
  return {};
}

}  // namespace

Result<Pack> Pack::open(Bytes bytes, const limits::Pack& limits) {
  if (auto header = check_header(bytes, limits); !header) return header.error();
  Pack pack;
  pack.size_ = bytes.size();
  if (auto table = pack.read_table(bytes); !table) return table.error();
  if (pack.files_.size() % format::file_bytes != 0 ||
      pack.chunks_.size() % format::chunk_bytes != 0 ||
      pack.terms_.size() % format::term_bytes != 0) {
    return damaged("a table has half a record");
  }
  pack.file_count_ = pack.files_.size() / format::file_bytes;
  pack.chunk_count_ = pack.chunks_.size() / format::chunk_bytes;
  pack.term_count_ = pack.terms_.size() / format::term_bytes;
  if (auto files = pack.check_files(); !files) return files.error();
  if (auto chunks = pack.check_chunks(); !chunks) return chunks.error();
  if (auto terms = pack.check_terms(); !terms) return terms.error();
  if (auto vectors = pack.check_vectors(); !vectors) return vectors.error();
  return pack;
}

Result<void> Pack::read_table(Bytes bytes) {
  const std::uint32_t count = u32(&bytes[12]);
  std::uint64_t expected = format::header_bytes + count * format::section_bytes;
  Bytes meta;
  const std::pair<Section, Bytes*> wanted[] = {
      {Section::meta, &meta},        {Section::files, &files_},
      {Section::paths, &paths_},     {Section::chunks, &chunks_},
      {Section::terms, &terms_},     {Section::term_text, &term_text_},
      {Section::text, &text_},       {Section::postings, &postings_},
      {Section::vectors, &vectors_},
  };
  // A pack may lack the last.
  constexpr std::uint32_t required = (1U << (std::size(wanted) - 1)) - 1;
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t* record = &bytes[format::header_bytes + i * format::section_bytes];
    const SectionEntry section{u32(record), u64(record + 8), u64(record + 16), u32(record + 4)};
    if (section.offset != expected || section.length > bytes.size() - section.offset) {
      return damaged("its sections do not follow one another");
    }
    expected += section.length;
    const Bytes content = bytes.subspan(static_cast<std::size_t>(section.offset),
                                        static_cast<std::size_t>(section.length));
    if (crc32(content) != section.crc32) {
      return damaged("the checksum of section " + std::to_string(section.kind) + " is wrong");
    }
    sections_.push_back(section);
    for (std::uint32_t w = 0; w < std::size(wanted); ++w) {
      if (static_cast<std::uint32_t>(wanted[w].first) != section.kind) continue;
      if (found & (1U << w)) return damaged("a section stands in it twice");
      found |= 1U << w;
      *wanted[w].second = content;
    }
  }
  if (expected != bytes.size()) return damaged("something follows its last section");
  if ((found & required) != required) return damaged("a section is missing");
  return read_meta(meta);
}

Result<void> Pack::read_meta(Bytes meta) {
  const auto value = json::parse(as_text(meta), 8);
  if (!value || !value->is_object()) return damaged("its description is no JSON object");
  const auto count = [&](std::string_view member) {
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(json::integer_or(*value, member, 0), 0));
  };
  info_.repository = json::string_or(*value, "repository");
  info_.commit = json::string_or(*value, "commit");
  info_.builder = json::string_or(*value, "builder");
  info_.include = strings(*value, "include");
  info_.exclude = strings(*value, "exclude");
  info_.files = count("files");
  info_.chunks = count("chunks");
  info_.terms = count("terms");
  info_.text_bytes = count("text_bytes");
  return {};
}

/// Files in the order of their paths, each with its own stretch of text, path bytes and chunks: so
/// every view that file() makes lies inside the pack.
Result<void> Pack::check_files() const {
  std::uint64_t text_at = 0, path_at = 0, chunk_at = 0;
  for (std::size_t i = 0; i < file_count_; ++i) {
    const std::uint8_t* record = &files_[i * format::file_bytes];
    if (u64(record) != text_at || u32(record + 12) != path_at || u32(record + 24) != chunk_at) {
      return damaged("file " + std::to_string(i) + " is out of place");
    }
    text_at += u32(record + 8);
    path_at += u32(record + 16);
    chunk_at += u32(record + 28);
    if (text_at > text_.size() || path_at > paths_.size() || chunk_at > chunk_count_) {
      return damaged("file " + std::to_string(i) + " reaches past the end");
    }
    if (u32(record + 32) > 100)
      return damaged("file " + std::to_string(i) + " has no sensible prior");
    if (i > 0 && file(i - 1).path >= file(i).path) return damaged("its paths are not in order");
  }
  if (text_at != text_.size() || path_at != paths_.size() || chunk_at != chunk_count_) {
    return damaged("its files do not add up");
  }
  return {};
}

Result<void> Pack::check_chunks() const {
  for (std::size_t number = 0; number < file_count_; ++number) {
    const FileEntry entry = file(number);
    for (std::uint32_t i = 0; i < entry.chunk_count; ++i) {
      const std::uint8_t* record = &chunks_[(entry.first_chunk + i) * format::chunk_bytes];
      const std::uint64_t end = std::uint64_t{u32(record + 4)} + u32(record + 8);
      const std::uint32_t start_line = u32(record + 12), end_line = u32(record + 16);
      if (u32(record) != number || end > entry.text.size() || start_line == 0 ||
          start_line > end_line || end_line > entry.lines) {
        return damaged("a chunk does not lie in its file");
      }
    }
  }
  return {};
}

Result<void> Pack::check_terms() const {
  std::uint32_t key_end = 0, postings_end = 0;
  for (std::size_t i = 0; i < term_count_; ++i) {
    const std::uint8_t* record = &terms_[i * format::term_bytes];
    if (u32(record) <= key_end || u32(record + 4) < postings_end) {
      return damaged("its terms are not in order");
    }
    key_end = u32(record);
    postings_end = u32(record + 4);
    if (key_end > term_text_.size() || postings_end > postings_.size()) {
      return damaged("a term reaches past the end");
    }
  }
  if (key_end != term_text_.size() || postings_end != postings_.size()) {
    return damaged("its terms do not add up");
  }
  return {};
}

/// Vectors of other dimensions than ours are passed over, like those of another table.
Result<void> Pack::check_vectors() const {
  if (vectors_.empty()) return {};
  if (vectors_.size() < format::vectors_header_bytes ||
      vectors_.size() - format::vectors_header_bytes !=
          std::uint64_t{u32(&vectors_[4])} * chunk_count_) {
    return damaged("its vectors are not as many as its chunks");
  }
  return {};
}

FileEntry Pack::file(std::size_t index) const {
  WEIR_ASSERT(index < file_count_);
  const std::uint8_t* record = &files_[index * format::file_bytes];
  FileEntry entry;
  entry.text = as_text(text_.subspan(static_cast<std::size_t>(u64(record)), u32(record + 8)));
  entry.path = as_text(paths_.subspan(u32(record + 12), u32(record + 16)));
  entry.lines = u32(record + 20);
  entry.first_chunk = u32(record + 24);
  entry.chunk_count = u32(record + 28);
  entry.prior = u32(record + 32);
  return entry;
}

ChunkEntry Pack::chunk(std::size_t index) const {
  WEIR_ASSERT(index < chunk_count_);
  const std::uint8_t* record = &chunks_[index * format::chunk_bytes];
  ChunkEntry entry;
  entry.file = u32(record);
  entry.text = file(entry.file).text.substr(u32(record + 4), u32(record + 8));
  entry.start_line = u32(record + 12);
  entry.end_line = u32(record + 16);
  return entry;
}

std::optional<std::size_t> Pack::find_file(std::string_view path) const {
  std::size_t low = 0, high = file_count_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (file(middle).path < path) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == file_count_ || file(low).path != path) return std::nullopt;
  return low;
}

std::string_view Pack::term_key(std::size_t index) const {
  const std::uint32_t begin = index == 0 ? 0 : u32(&terms_[(index - 1) * format::term_bytes]);
  return as_text(term_text_.subspan(begin, u32(&terms_[index * format::term_bytes]) - begin));
}

std::optional<Bytes> Pack::postings(TermKind kind, std::string_view term) const {
  std::string key;
  make_key(key, kind, term);
  std::size_t low = 0, high = term_count_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (term_key(middle) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == term_count_ || term_key(low) != key) return std::nullopt;
  const std::uint32_t begin = low == 0 ? 0 : u32(&terms_[(low - 1) * format::term_bytes + 4]);
  return postings_.subspan(begin, u32(&terms_[low * format::term_bytes + 4]) - begin);
}

std::span<const std::int8_t> Pack::vectors(const WordTable& table) const {
  if (vectors_.empty() || u32(vectors_.data()) != table.checksum() ||
      u32(&vectors_[4]) != vector_dimensions) {
    return {};
  }
  const Bytes components = vectors_.subspan(format::vectors_header_bytes);
  return {reinterpret_cast<const std::int8_t*>(components.data()), components.size()};
}

}  // namespace weir::retrieval
