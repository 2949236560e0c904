#include "weir/retrieval/file_terms.hpp"

#include <limits>

#include "weir/retrieval/numbers.hpp"

namespace weir::retrieval {
namespace {

// In the two lowest bits of a place: what follows it. Most terms stand once, and define nothing.
constexpr std::uint32_t once = 0, more_often = 1, with_names = 2;

constexpr std::uint32_t count_most = std::numeric_limits<std::uint16_t>::max();

void append(std::vector<std::uint8_t>& packed, const Occurrence& at) {
  const std::uint32_t form = at.names > 0 ? with_names : at.body == 1 ? once : more_often;
  append_number(packed, std::uint64_t{at.place} << 2 | form);
  if (form != once) append_number(packed, at.body);
  if (form == with_names) append_number(packed, at.names);
}

std::uint16_t read_count(NumberReader& reader) {
  return static_cast<std::uint16_t>(reader.number(count_most));
}

}  // namespace

void FileOccurrences::clear() {
  path.clear();
  text.clear();
  chunk_ends.clear();
}

std::vector<std::uint8_t> pack_occurrences(const FileOccurrences& occurrences) {
  std::vector<std::uint8_t> packed;
  packed.reserve(3 * occurrences.text.size());
  append_number(packed, occurrences.path.size());
  for (const PathOccurrence& at : occurrences.path) {
    append_number(packed, at.path);
    append_number(packed, at.file_name);
  }
  for (std::size_t i = 0; i < occurrences.chunks(); ++i) {
    append_number(packed, occurrences.chunk(i).size());
    for (const Occurrence& at : occurrences.chunk(i)) append(packed, at);
  }
  packed.shrink_to_fit();
  return packed;
}

bool unpack_occurrences(Bytes packed, std::size_t terms, std::size_t chunks, FileOccurrences& out) {
  out.clear();
  NumberReader reader(packed);
  const std::uint64_t path_terms = reader.number();
  if (path_terms > terms) return false;
  for (std::uint64_t left = path_terms; left > 0; --left) {
    const std::uint16_t path = read_count(reader), file_name = read_count(reader);
    out.path.push_back({path, file_name});
  }
  for (; chunks > 0 && reader.ok(); --chunks) {
    const std::uint64_t count = reader.number();
    if (count > terms) return false;
    std::size_t at = out.text.size();
    out.text.resize(at + static_cast<std::size_t>(count));
    for (; at < out.text.size(); ++at) {
      const std::uint64_t place = reader.number();
      const std::uint64_t form = place & 3;
      Occurrence& read = out.text[at];
      if (place >> 2 >= terms || form > with_names) return false;
      read.place = static_cast<std::uint32_t>(place >> 2);
      read.body = form == once ? 1 : read_count(reader);
      read.names = form == with_names ? read_count(reader) : 0;
    }
    out.chunk_ends.push_back(out.text.size());
  }
  return reader.ok() && reader.at_end();
}

}  // namespace weir::retrieval
