#pragma once

#include <cstdint>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/retrieval/pack_format.hpp"

/// A term's postings (FORMAT.md, section `postings`): numbers of variable length, seven bits a
/// byte, the lowest first, the eighth bit set where more follow.
namespace weir::retrieval {

inline void append_number(std::vector<std::uint8_t>& out, std::uint32_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

/// One document of a term: a chunk, or a file.
struct Posting {
  std::uint32_t document = 0;
  std::uint32_t impact = 0;
  bool defines = false;  ///< files only: the term is a name that is defined there
};

/// Reads what may be anything: a number that does not fit, a document past the end or out of order
/// makes it fail, and nothing is read beyond the bytes.
class PostingsReader {
 public:
  explicit PostingsReader(Bytes bytes) : bytes_(bytes) {}

  /// In how many chunks the term is, without reading on.
  bool read_count(std::uint32_t& chunks) const {
    PostingsReader ahead(bytes_);
    return ahead.read_number(chunks);
  }

  /// Calls `visit(Posting)` for each chunk; read first.
  template <class Visit>
  bool read_chunks(std::size_t chunk_count, Visit&& visit) {
    return read_list(chunk_count, 0, visit);
  }

  /// Calls `visit(Posting)` for each file; read second, and nothing may follow.
  template <class Visit>
  bool read_files(std::size_t file_count, Visit&& visit) {
    return read_list(file_count, 1, visit) && at_ == bytes_.size();
  }

 private:
  template <class Visit>
  bool read_list(std::size_t documents, unsigned flag_bits, Visit& visit) {
    std::uint32_t count = 0;
    if (!read_number(count) || count > documents) return false;
    std::uint64_t next = 0;
    for (; count > 0; --count) {
      std::uint32_t gap = 0, value = 0;
      if (!read_number(gap) || !read_number(value)) return false;
      const std::uint64_t document = next + gap;
      const std::uint32_t impact = value >> flag_bits;
      if (document >= documents || impact > format::impact_most) return false;
      visit(Posting{static_cast<std::uint32_t>(document), impact,
                    flag_bits != 0 && (value & 1) != 0});
      next = document + 1;
    }
    return true;
  }

  bool read_number(std::uint32_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 32; shift += 7) {
      if (at_ == bytes_.size()) return false;
      const std::uint8_t byte = bytes_[at_++];
      if (shift == 28 && byte > 0x0f) return false;
      value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  Bytes bytes_;
  std::size_t at_ = 0;
};

}  // namespace weir::retrieval
