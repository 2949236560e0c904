#include "weir/retrieval/file_terms.hpp"

#include "weir/base/assert.hpp"
#include "weir/retrieval/numbers.hpp"

namespace weir::retrieval {

void FileTerms::clear() {
  path.clear();
  text.clear();
  chunk_ends.clear();
}

std::vector<std::uint8_t> pack_terms(const FileTerms& terms) {
  std::vector<std::uint8_t> packed;
  append_number(packed, terms.path.size());
  for (const PathOccurrence& at : terms.path) {
    append_number(packed, at.term);
    append_number(packed, at.path);
    append_number(packed, at.file_name);
  }
  std::size_t begin = 0;
  for (const std::size_t end : terms.chunk_ends) {
    append_number(packed, end - begin);
    for (; begin < end; ++begin) {
      const Occurrence& at = terms.text[begin];
      append_number(packed, at.term);
      append_number(packed, std::uint32_t{at.body} << 1 | (at.names > 0 ? 1U : 0U));
      if (at.names > 0) append_number(packed, at.names);
    }
  }
  packed.shrink_to_fit();
  return packed;
}

void unpack_terms(const std::vector<std::uint8_t>& packed, FileTerms& out) {
  out.clear();
  NumberReader reader(packed);
  const auto number = [&] { return static_cast<std::uint32_t>(reader.number()); };
  const auto small = [&] { return static_cast<std::uint16_t>(reader.number()); };
  for (std::uint32_t left = number(); left > 0; --left) {
    PathOccurrence& at = out.path.emplace_back();
    at.term = number();
    at.path = small();
    at.file_name = small();
  }
  while (!reader.at_end()) {
    for (std::uint32_t left = number(); left > 0; --left) {
      Occurrence& at = out.text.emplace_back();
      at.term = number();
      const std::uint32_t body = number();
      at.body = static_cast<std::uint16_t>(body >> 1);
      if ((body & 1) != 0) at.names = small();
    }
    out.chunk_ends.push_back(out.text.size());
  }
  WEIR_ASSERT(reader.ok());
}

}  // namespace weir::retrieval
