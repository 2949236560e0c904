// Method: a small good pack is damaged as the input says (each four bytes: where, and what to put
// there), its checksums are made right again, and what then opens is read through and searched. The
// input itself is tried as a pack, too, and as the file of embeddings beside one. Nothing may be
// read out of bounds, whatever the bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/hash.hpp"
#include "weir/retrieval/embedding_records.hpp"
#include "weir/retrieval/index_builder.hpp"
#include "weir/retrieval/search.hpp"
#include "weir/retrieval/whole_pack.hpp"

namespace {

using namespace weir;
using namespace weir::retrieval;

const EmbeddingSpace space{"openai", "small", 5, false};
const std::vector<std::uint8_t> direction = {127, 0x80, 3, 0, 0xff};

std::vector<std::uint8_t> make_pack() {
  IndexBuilder builder({});
  builder.add("a.c", as_bytes("int parse_url(char* text) {\n  return scan(text);\n}\n"));
  builder.add("docs/b.md", as_bytes("# Guide\n\nHow to parse a url.\n"));
  builder.carry_embeddings(space, [](std::uint32_t) { return Bytes(direction); });
  return *std::move(builder).finish();
}

void patch(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void repair(std::vector<std::uint8_t>& bytes) {
  const auto count = load_little_endian<std::uint32_t>(&bytes[12]);
  const std::size_t table_bytes = count * format::section_bytes;
  if (count > format::sections_most || format::header_bytes + table_bytes > bytes.size()) return;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t record = format::header_bytes + i * format::section_bytes;
    const auto offset = load_little_endian<std::uint64_t>(&bytes[record + 8]);
    const auto length = load_little_endian<std::uint64_t>(&bytes[record + 16]);
    if (offset > bytes.size() || length > bytes.size() - offset) continue;
    patch(bytes, record + 4, crc32(Bytes(bytes).subspan(offset, length)));
  }
  const Bytes table = Bytes(bytes).subspan(format::header_bytes, table_bytes);
  patch(bytes, 28, crc32(table, crc32(Bytes(bytes).first(28))));
}

void use(Bytes bytes) {
  const auto whole = WholePack::open(bytes);
  if (!whole) return;
  const Pack& pack = **whole;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < pack.file_count(); ++i) {
    if (const auto file = pack.file(i)) sum += (*file)->text.size();
  }
  (void)pack.find_file("a.c");
  Query query;
  query.text = "how to parse_url guide text int scan return";
  query.prefer_path = sum % 2 ? "a.c" : "";
  // Of whatever space the pack says that it is.
  if (const EmbeddingSpace* const told = pack.embeddings()) {
    query.embeddings = {*QuestionEmbedding::of(*told, std::vector<float>(told->dimensions, 1))};
  }
  (void)search(pack, query);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::uint8_t> good = make_pack();
  std::vector<std::uint8_t> bytes = good;
  for (std::size_t at = 0; at + 4 <= size; at += 4) {
    const auto place = load_little_endian<std::uint16_t>(data + at) % bytes.size();
    bytes[place] = data[at + 2];
    if (data[at + 3] % 2) bytes[(place + 1) % bytes.size()] = data[at + 3];
  }
  repair(bytes);
  use(bytes);
  use({data, size});
  (void)EmbeddingRecords::read({data, size});
  return 0;
}
