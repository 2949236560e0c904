#include "weir/retrieval/pack.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/json/json.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/pack_error.hpp"
#include "weir/retrieval/phrase_code.hpp"
#include "weir/retrieval/vocabulary.hpp"
#include "weir/text/html_page.hpp"
#include "weir/text/utf8.hpp"

namespace weir::retrieval {
namespace {

using format::Section;

constexpr std::array required = {Section::meta,  Section::layout,     Section::paths,
                                 Section::terms, Section::term_index, Section::postings,
                                 Section::text};

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

/// As a whole, or text by its blocks, which have checksums of their own.
bool is_checked_when_read(Section kind) {
  return kind == Section::meta || kind == Section::layout || kind == Section::paths ||
         kind == Section::term_index || kind == Section::text;
}

/// Magic, version, length and how many sections there are. Nothing else is looked at before.
Result<void> check_header(Bytes header, std::uint64_t size, const limits::Pack& limits) {
  const std::string_view magic =
      as_text(header.first(std::min(header.size(), format::magic.size())));
  if (magic != format::magic) {
    if (!header.empty() && format::magic.starts_with(magic))
      return damaged("it ends within its header");
    return unsupported("This is not a Weir pack.");
  }
  if (header.size() < format::header_bytes) return damaged("it ends within its header");
  const std::uint32_t version = u32(&header[8]);
  if (version != format::version) {
    return unsupported("This pack has format version " + std::to_string(version) +
                       "; this build reads version " + std::to_string(format::version) + ".");
  }
  if (const std::uint64_t length = u64(&header[16]); length != size) {
    return damaged("it should have " + std::to_string(length) + " bytes and has " +
                   std::to_string(size));
  }
  if (size > limits.pack_bytes) {
    return Error{ErrorCode::request_too_large,
                 "The pack is larger than " + std::to_string(limits.pack_bytes) + " bytes.", ""};
  }
  const std::uint32_t count = u32(&header[12]);
  if (count > format::sections_most ||
      format::header_bytes + count * format::section_bytes > size) {
    return damaged("its table of sections does not fit");
  }
  return {};
}

}  // namespace

Read<Pack> Pack::open(const ByteStore& store, const limits::Pack& limits, Checking checking) {
  Pack pack;
  pack.store_ = &store;
  const auto has_sections = pack.read_sections(limits);
  if (!has_sections) return has_sections.error();
  if (!*has_sections) return std::optional<Pack>();
  if (store.is_whole() && checking == Checking::at_opening) {
    if (auto sums = pack.check_sums(); !sums) return sums.error();
    pack.sums_checked_ = true;
  }
  const auto meta = pack.checked(Section::meta), layout = pack.checked(Section::layout),
             index = pack.checked(Section::term_index);
  for (const auto* section : {&meta, &layout, &index}) {
    if (!*section) return section->error();
  }
  const ByteRange vectors = pack.section(Section::vectors);
  const bool has_vectors =
      vectors.length == 0 ||
      store.read(
          {vectors.offset, std::min<std::uint64_t>(vectors.length, format::vectors_header_bytes)});
  const ByteRange embeddings = pack.section(Section::embeddings);
  const auto beginning =
      store.read({embeddings.offset,
                  std::min<std::uint64_t>(embeddings.length, format::embeddings_head_bytes +
                                                                 limits.embedding_names_bytes)});
  if (!*meta || !*layout || !*index || !has_vectors || !beginning) return std::optional<Pack>();
  if (auto read = pack.read_meta(**meta); !read) return read.error();
  const auto files = std::make_shared<FileTable>();
  if (!read_file_table(**layout, pack.section(Section::text).length, *files)) {
    return damaged("its table of files does not add up");
  }
  const auto terms = std::make_shared<TermDictionary>();
  if (!terms->open(**index, pack.section(Section::terms), pack.section(Section::postings))) {
    return damaged("its terms do not add up");
  }
  pack.files_ = files;
  pack.terms_ = terms;
  if (auto checked = pack.check_vectors(); !checked) return checked.error();
  if (auto checked = pack.check_embeddings(*beginning); !checked) return checked.error();
  if (auto checked = pack.check_phrases(); !checked) return checked.error();
  return std::optional(std::move(pack));
}

Pack Pack::over(const ByteStore& store) const {
  WEIR_ASSERT(store.size() == store_->size());
  Pack pack = *this;
  pack.store_ = &store;
  return pack;
}

/// Header and table. Sections follow one another without gaps, so that every byte is in one.
Read<bool> Pack::read_sections(const limits::Pack& limits) {
  const auto header =
      store_->read({0, std::min<std::uint64_t>(format::header_bytes, store_->size())});
  if (!header) return std::optional<bool>();
  if (auto sound = check_header(*header, store_->size(), limits); !sound) return sound.error();
  const std::uint32_t count = u32(&(*header)[12]);
  const std::uint32_t sum = u32(&(*header)[28]), header_sum = crc32(header->first(28));
  const auto table = store_->read({format::header_bytes, count * format::section_bytes});
  if (!table) return std::optional<bool>();
  if (crc32(*table, header_sum) != sum) return damaged("the checksum of its header is wrong");
  std::uint64_t expected = format::header_bytes + table->size();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t* record = &(*table)[i * format::section_bytes];
    const SectionEntry entry{u32(record), u64(record + 8), u64(record + 16), u32(record + 4)};
    if (entry.offset != expected || entry.length > store_->size() - entry.offset) {
      return damaged("its sections do not follow one another");
    }
    expected += entry.length;
    const bool twice = find(static_cast<Section>(entry.kind)) != nullptr;
    if (twice) return damaged("a section stands in it twice");
    sections_.push_back(entry);
  }
  if (expected != store_->size()) return damaged("something follows its last section");
  for (const Section kind : required) {
    if (!find(kind)) return damaged("a section is missing");
  }
  return std::optional(true);
}

Result<void> Pack::check_sum(const SectionEntry& entry, Bytes bytes) const {
  if (sums_checked_ || crc32(bytes) == entry.crc32) return {};
  return damaged("the checksum of section " + std::to_string(entry.kind) + " is wrong");
}

Result<void> Pack::check_sums() const {
  for (const SectionEntry& entry : sections_) {
    if (auto sound = check_sum(entry, *store_->read(entry.range())); !sound) return sound;
  }
  return {};
}

Result<void> Pack::check_searched() const {
  if (!store_->is_whole() || sums_checked_ || *searched_checked_) return {};
  for (const SectionEntry& entry : sections_) {
    if (is_checked_when_read(static_cast<Section>(entry.kind))) continue;
    if (auto sound = check_sum(entry, *store_->read(entry.range())); !sound) return sound;
  }
  *searched_checked_ = true;
  return {};
}

const SectionEntry* Pack::find(Section kind) const {
  for (const SectionEntry& entry : sections_) {
    if (entry.kind == static_cast<std::uint32_t>(kind)) return &entry;
  }
  return nullptr;
}

ByteRange Pack::section(Section kind) const {
  const SectionEntry* const entry = find(kind);
  return entry ? entry->range() : ByteRange{};
}

/// A section that is read as a whole.
Read<Bytes> Pack::checked(Section kind) const {
  const SectionEntry* const entry = find(kind);
  WEIR_ASSERT(entry);
  const auto bytes = store_->read(entry->range());
  if (bytes) {
    if (auto sound = check_sum(*entry, *bytes); !sound) return sound.error();
  }
  return bytes;
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
  info_.time = count("time");
  info_.files = count("files");
  info_.chunks = count("chunks");
  info_.terms = count("terms");
  info_.text_bytes = count("text_bytes");
  return {};
}

/// Vectors of other dimensions than ours are passed over, like those of another table.
Result<void> Pack::check_vectors() {
  const ByteRange range = section(Section::vectors);
  if (range.length == 0) return {};
  const auto header = range.length < format::vectors_header_bytes
                          ? std::nullopt
                          : store_->read({range.offset, format::vectors_header_bytes});
  if (!header || range.length - format::vectors_header_bytes !=
                     (std::uint64_t{u32(&(*header)[4])} + 3) / 4 * chunk_count()) {
    return damaged("its vectors are not as many as its chunks");
  }
  if (u32(&(*header)[4]) == vector_dimensions) vectors_of_ = u32(header->data());
  return {};
}

/// Unlike vectors, which any table can be asked for anew, they were paid for: wrong ones are told.
Result<void> Pack::check_embeddings(Bytes beginning) {
  if (!find(Section::embeddings)) return {};
  embeddings_ = read_embeddings_head(beginning);
  if (!embeddings_) return damaged("its embeddings are not described as they should be");
  if (section(Section::embeddings).length - embeddings_->bytes !=
      std::uint64_t{embeddings_->space.dimensions} * chunk_count()) {
    return damaged("its embeddings are not as many as its chunks");
  }
  return {};
}

Result<void> Pack::check_phrases() {
  has_phrases_ = find(Section::phrases) != nullptr;
  if (has_phrases_ &&
      section(Section::phrases).length != std::uint64_t{phrase_code_bytes} * chunk_count()) {
    return damaged("its phrases are not as many as its chunks");
  }
  return {};
}

Read<TermEntry> Pack::find_term(TermKind kind, std::string_view term) const {
  std::string key;
  make_key(key, kind, term);
  auto entry = terms_->find(*store_, key);
  if (entry && *entry && (*entry)->chunks > chunk_count()) {
    return damaged("a term stands in more chunks than there are");
  }
  return entry;
}

std::optional<Bytes> Pack::postings(const TermEntry& term) const {
  return store_->read(term.postings);
}

bool Pack::has_vectors(const WordTable& table) const {
  return vectors_of_ == table.checksum();
}

std::optional<Bytes> Pack::vector(std::uint32_t chunk) const {
  WEIR_ASSERT(vectors_of_ && chunk < chunk_count());
  const ByteRange all = section(Section::vectors);
  return store_->read(
      {all.offset + format::vectors_header_bytes + std::uint64_t{chunk} * code_bytes, code_bytes});
}

std::optional<Bytes> Pack::phrases(std::uint32_t first, std::uint32_t count) const {
  if (!has_phrases_) return std::nullopt;
  return store_->read({section(Section::phrases).offset + std::uint64_t{first} * phrase_code_bytes,
                       std::uint64_t{count} * phrase_code_bytes});
}

std::optional<Bytes> Pack::embedding(std::uint32_t chunk) const {
  WEIR_ASSERT(embeddings_ && chunk < chunk_count());
  const std::uint64_t size = embeddings_->space.dimensions;
  return store_->read(
      {section(Section::embeddings).offset + embeddings_->bytes + chunk * size, size});
}

Read<TextBlock> Pack::block(std::size_t block) const {
  WEIR_ASSERT(block + 1 < files_->block_offset.size());
  const std::uint64_t begin = files_->block_offset[block];
  const auto stored = store_->read(
      {section(Section::text).offset + begin, files_->block_offset[block + 1] - begin});
  if (!stored) return std::optional<TextBlock>();
  auto read = read_block(*stored, files_->block_chunk[block + 1] - files_->block_chunk[block]);
  if (!read) return read.error();
  return std::optional(*std::move(read));
}

Read<std::vector<std::string>> Pack::paths() const {
  const auto section = checked(Section::paths);
  if (!section) return section.error();
  if (!*section) return std::optional<std::vector<std::string>>();
  NumberReader reader(**section);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < file_count(); ++i) {
    std::string path = paths.empty() ? std::string() : paths.back();
    path.resize(reader.number(static_cast<std::uint32_t>(path.size())));
    path += as_text(reader.take(reader.number()));
    if (!reader.ok() || !text::is_valid_utf8(path) || (i > 0 && path <= paths.back())) {
      return damaged("its paths are not as they were written");
    }
    paths.push_back(std::move(path));
  }
  if (!reader.at_end()) return damaged("its paths do not add up");
  return std::optional(std::move(paths));
}

Read<std::size_t> Pack::find_file(std::string_view path) const {
  const auto all = paths();
  if (!all) return all.error();
  if (!*all) return std::optional<std::size_t>();
  const auto found = std::lower_bound((*all)->begin(), (*all)->end(), path);
  if (found == (*all)->end() || *found != path) return std::optional(file_count());
  return std::optional(static_cast<std::size_t>(found - (*all)->begin()));
}

Read<SourceFile> Pack::file(std::size_t index) const {
  WEIR_ASSERT(index < file_count());
  SourceFile file;
  bool whole = true;
  for (std::size_t at = files_->first_block[index]; at < files_->first_block[index + 1]; ++at) {
    auto part = block(at);
    if (!part) return part.error();
    if (!*part) {
      whole = false;  // all others are wanted as well
      continue;
    }
    file.path = std::move((*part)->path);
    file.text += (*part)->text;
  }
  if (!whole) return std::optional<SourceFile>();
  // Its lines are the file's.
  if (form_of(file.path) == FileForm::html) file.text = text::in_source_lines(std::move(file.text));
  file.lines = static_cast<std::uint32_t>(std::count(file.text.begin(), file.text.end(), '\n')) +
               (!file.text.empty() && file.text.back() != '\n');
  return std::optional(std::move(file));
}

Result<StringList> Pack::dictionary() const {
  const auto terms = store_->read(section(Section::terms));
  WEIR_ASSERT(terms);
  StringList keys;
  if (!read_keys(*terms, keys)) return damaged("its terms are not as they were written");
  return keys;
}

Bytes Pack::stored_text(std::size_t file) const {
  const std::uint64_t begin = files_->block_offset[files_->first_block[file]];
  const std::uint64_t end = files_->block_offset[files_->first_block[file + 1]];
  const auto text = store_->read({section(Section::text).offset + begin, end - begin});
  WEIR_ASSERT(text);
  return *text;
}

std::optional<Bytes> Pack::vectors(std::uint32_t first, std::uint32_t count) const {
  if (!vectors_of_) return std::nullopt;
  const ByteRange all = section(Section::vectors);
  return store_->read(
      {all.offset + format::vectors_header_bytes + std::uint64_t{first} * code_bytes,
       std::uint64_t{count} * code_bytes});
}

}  // namespace weir::retrieval
