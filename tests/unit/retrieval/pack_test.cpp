#include "weir/retrieval/pack.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "support.hpp"
#include "weir/base/hash.hpp"

namespace weir::retrieval {
namespace {

ErrorCode open_code(Bytes bytes) {
  const auto pack = WholePack::open(bytes);
  if (pack) return ErrorCode::internal;
  EXPECT_FALSE(pack.error().message.empty());
  EXPECT_FALSE(pack.error().hint.empty());
  return pack.error().code;
}

void patch(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

/// Makes all checksums right again, so that what is behind them is put to the test.
void repair(std::vector<std::uint8_t>& bytes) {
  const auto count = load_little_endian<std::uint32_t>(&bytes[12]);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t record = format::header_bytes + i * format::section_bytes;
    const auto offset = load_little_endian<std::uint64_t>(&bytes[record + 8]);
    const auto length = load_little_endian<std::uint64_t>(&bytes[record + 16]);
    patch(bytes, record + 4,
          crc32(Bytes(bytes).subspan(static_cast<std::size_t>(offset),
                                     static_cast<std::size_t>(length))));
  }
  const Bytes table = Bytes(bytes).subspan(format::header_bytes, count * format::section_bytes);
  patch(bytes, 28, crc32(table, crc32(Bytes(bytes).first(28))));
}

TEST(Pack, GivesBackWhatWasPutIn) {
  IndexOptions options;
  options.repository = "owner/name";
  options.commit = "abc";
  options.exclude = {"*.tmp"};
  const OpenPack pack(sample_files(), options);
  EXPECT_EQ(pack->info().repository, "owner/name");
  EXPECT_EQ(pack->info().commit, "abc");
  EXPECT_EQ(pack->info().exclude, (std::vector<std::string>{"*.tmp"}));
  EXPECT_EQ(pack->info().files, 5U);
  ASSERT_EQ(pack->file_count(), 5U);
  EXPECT_EQ(pack->info().chunks, pack->chunk_count());
  EXPECT_GT(pack->info().terms, 50U);
  for (const auto& [path, text] : sample_files()) {
    const auto found = pack->find_file(path);
    ASSERT_TRUE(found && *found) << path;
    ASSERT_LT(**found, pack->file_count()) << path;
    const auto file = pack->file(**found);
    ASSERT_TRUE(file && *file);
    EXPECT_EQ((*file)->path, path);
    EXPECT_EQ((*file)->text, text);
    EXPECT_EQ((*file)->lines, std::count(text.begin(), text.end(), '\n'));
  }
  EXPECT_EQ(**pack->find_file("nothing"), pack->file_count());
  EXPECT_EQ((*pack->find_term(TermKind::whole, "parseurl"))->chunks, 2U);
  EXPECT_EQ((*pack->find_term(TermKind::part, "parseurl"))->chunks, 0U);
}

TEST(Pack, GivesBackFilesOfManyBlocks) {
  std::string text = "\n\n";
  for (int i = 0; i < 3000; ++i) {
    text += "int function_" + std::to_string(i) + "(int value) { return value; }\n";
    if (i % 50 == 0) text += "\n\n";
  }
  const OpenPack pack(Files{{"a.c", text}, {"b.c", "int b;"}});
  EXPECT_GT(pack->files().block_offset.size(), 10U);
  EXPECT_EQ((**pack->file(0)).text, text);
  EXPECT_EQ((**pack->file(1)).text, "int b;");
  const auto hits = ask(*pack, "function_2999");
  ASSERT_FALSE(hits.empty());
  const Passage& passage = hits.front().passage;
  EXPECT_NE(passage.text.find("function_2999"), std::string::npos);
  // Its lines are those of the file.
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < passage.start_line; ++line) at = text.find('\n', at) + 1;
  EXPECT_EQ(text.substr(at, passage.text.size()), passage.text);
}

ByteRange range_of(const Pack& pack, format::Section kind) {
  const auto found = std::find_if(
      pack.sections().begin(), pack.sections().end(),
      [&](const auto& entry) { return entry.kind == static_cast<std::uint32_t>(kind); });
  return found->range();
}

std::size_t offset_of(const Pack& pack, format::Section kind) {
  return static_cast<std::size_t>(range_of(pack, kind).offset);
}

TEST(Pack, HasAVectorForEachChunk) {
  const OpenPack pack(sample_files());
  ASSERT_TRUE(pack->has_vectors(WordTable::built_in()));
  for (std::uint32_t chunk = 0; chunk < pack->chunk_count(); ++chunk)
    EXPECT_TRUE(pack->vector(chunk)) << chunk;
}

TEST(Pack, PassesOverVectorsOfAnotherTable) {
  auto bytes = make_pack(sample_files());
  const auto original = WholePack::open(bytes);
  ASSERT_TRUE(original);
  const auto before = paths(ask(**original, "parse url"));
  patch(bytes, offset_of(**original, format::Section::vectors), 12345);
  repair(bytes);
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  EXPECT_FALSE((*pack)->has_vectors(WordTable::built_in()));
  EXPECT_EQ(paths(ask(**pack, "parse url")).front(), before.front());
}

TEST(Pack, WithTooFewVectorsIsRefused) {
  auto bytes = make_pack(sample_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  patch(bytes, offset_of(**pack, format::Section::vectors) + 4, vector_dimensions + 1);
  repair(bytes);
  EXPECT_EQ(open_code(bytes), ErrorCode::pack_damaged);
}

TEST(Pack, WithTooFewPhrasesIsRefused) {
  auto bytes = make_pack(sample_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack && (*pack)->has_phrases());
  // The record of the section, of which a byte is told to belong to the next.
  const auto& sections = (*pack)->sections();
  const auto found = std::find_if(sections.begin(), sections.end(), [](const auto& entry) {
    return entry.kind == static_cast<std::uint32_t>(format::Section::phrases);
  });
  const auto at = format::header_bytes +
                  static_cast<std::size_t>(found - sections.begin()) * format::section_bytes;
  patch(bytes, at + 16, static_cast<std::uint32_t>(found->length - 1));
  patch(bytes, at + format::section_bytes + 8,
        static_cast<std::uint32_t>(found->offset + found->length - 1));
  patch(bytes, at + format::section_bytes + 16,
        static_cast<std::uint32_t>((found + 1)->length + 1));
  repair(bytes);
  EXPECT_EQ(open_code(bytes), ErrorCode::pack_damaged);
}

TEST(Pack, OfNothingIsAPack) {
  const OpenPack pack(Files{});
  EXPECT_EQ(pack->file_count(), 0U);
  EXPECT_TRUE(ask(*pack, "anything").empty());
}

TEST(Pack, CutAnywhereIsRefused) {
  const auto bytes = make_pack(sample_files());
  EXPECT_EQ(open_code({}), ErrorCode::pack_unsupported);
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_EQ(open_code(Bytes(bytes).first(length)), ErrorCode::pack_damaged) << length;
  }
}

TEST(Pack, WithAnyByteChangedIsRefused) {
  auto bytes = make_pack(sample_files());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] ^= 0x41;
    EXPECT_NE(open_code(bytes), ErrorCode::internal) << at;
    bytes[at] ^= 0x41;
  }
}

/// All that can be read of a pack; nothing where any of it is refused, as damaged.
std::optional<std::string> everything(const Pack& pack) {
  std::string all;
  const auto refused = [](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::pack_damaged);
    return std::nullopt;
  };
  Query query;
  query.text = "parse the url in the event loop";
  const auto hits = search(pack, query);
  if (!hits) return refused(hits.error());
  for (const Hit& hit : *hits)
    all += hit.passage.path + std::to_string(hit.score) + hit.symbol + hit.passage.text;
  const auto paths = pack.paths();
  if (!paths) return refused(paths.error());
  for (std::size_t i = 0; i < pack.file_count(); ++i) {
    const auto file = pack.file(i);
    if (!file) return refused(file.error());
    all += (**paths)[i] + (*file)->path + (*file)->text;
  }
  return all + pack.info().repository;
}

TEST(Pack, CheckedOnUseShowsNothingOfWhatWasChanged) {
  auto bytes = make_pack(sample_files());
  const auto good = everything(*OpenPack(sample_files()));
  ASSERT_TRUE(good);
  std::size_t opened = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] ^= 0x41;
    const ByteStore store{Bytes(bytes)};
    const auto pack = Pack::open(store, {}, Checking::on_use);
    if (pack) {
      ++opened;
      const auto shown = everything(**pack);
      EXPECT_TRUE(!shown || shown == good) << at;
    }
    bytes[at] ^= 0x41;
  }
  EXPECT_GT(opened, bytes.size() / 2);
}

TEST(Pack, CheckedOnUseIsSearchedOnlyIfItsSectionsAreAsTheyWere) {
  auto bytes = make_pack(sample_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  for (const auto kind :
       {format::Section::terms, format::Section::postings, format::Section::vectors}) {
    const auto last = static_cast<std::size_t>(range_of(**pack, kind).end() - 1);
    bytes[last] ^= 1;
    const ByteStore store{Bytes(bytes)};
    const auto opened = Pack::open(store, {}, Checking::on_use);
    ASSERT_TRUE(opened && *opened);
    Query query;
    query.text = "event loop";
    const auto hits = search(**opened, query);
    ASSERT_FALSE(hits);
    EXPECT_EQ(hits.error().code, ErrorCode::pack_damaged);
    bytes[last] ^= 1;
  }
}

TEST(Pack, ForeignOrTooNewIsUnsupported) {
  EXPECT_EQ(open_code(as_bytes("PK\x03\x04 something else entirely")), ErrorCode::pack_unsupported);
  auto bytes = make_pack(sample_files());
  bytes[8] = 99;
  EXPECT_EQ(open_code(bytes), ErrorCode::pack_unsupported);
}

TEST(Pack, WithASectionOfAnUnknownKindOpens) {
  auto bytes = make_pack(sample_files());
  const auto count = load_little_endian<std::uint32_t>(&bytes[12]);
  const std::vector<std::uint8_t> extra = {1, 2, 3};
  // One more record: everything behind the table moves.
  std::vector<std::uint8_t> record;
  store_little_endian(record, std::uint32_t{77});
  store_little_endian(record, std::uint32_t{0});
  store_little_endian(record, static_cast<std::uint64_t>(bytes.size() + format::section_bytes));
  store_little_endian(record, static_cast<std::uint64_t>(extra.size()));
  const std::size_t table_end = format::header_bytes + count * format::section_bytes;
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(table_end), record.begin(),
               record.end());
  bytes.insert(bytes.end(), extra.begin(), extra.end());
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = format::header_bytes + i * format::section_bytes + 8;
    patch(bytes, at, load_little_endian<std::uint32_t>(&bytes[at]) + format::section_bytes);
  }
  patch(bytes, 12, count + 1);
  patch(bytes, 16, static_cast<std::uint32_t>(bytes.size()));
  repair(bytes);
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  EXPECT_EQ((*pack)->sections().size(), count + 1);
  EXPECT_FALSE(ask(**pack, "event loop").empty());
}

/// Every byte behind the header set to extremes, with right checksums: refused, or searched without
/// harm.
TEST(Pack, MadeWithMaliceDoesNoHarm) {
  const auto good = make_pack(sample_files());
  const std::size_t tables = format::header_bytes;
  for (std::size_t at = tables; at < good.size(); ++at) {
    for (const int value : {0x00, 0x7f, 0x80, 0xff}) {
      auto bytes = good;
      const auto count = load_little_endian<std::uint32_t>(&bytes[12]);
      if (at < format::header_bytes + count * format::section_bytes) continue;
      bytes[at] = static_cast<std::uint8_t>(value);
      repair(bytes);
      const auto pack = WholePack::open(bytes);
      if (!pack) continue;
      Query query;
      query.text = "event loop parse_url guide";
      const auto hits = search(**pack, query);
      EXPECT_TRUE(hits || hits.error().code == ErrorCode::pack_damaged);
    }
  }
}

}  // namespace
}  // namespace weir::retrieval
