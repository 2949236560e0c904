#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/pack_format.hpp"

namespace weir::retrieval {

/// Takes the bytes of a pack, front to back. False where they cannot be kept: writing ends.
using PackSink = std::function<bool(Bytes)>;

/// Lays a pack out: header, table, sections back to back (FORMAT.md). Nothing is held: what is
/// written goes to the sink. The header tells what was written, so that it comes last: the pack
/// begins with as many zeros, to be written over with what finish() returns.
class PackWriter {
 public:
  PackWriter(PackSink sink, std::size_t section_count);

  /// What is written from now on belongs to this section.
  void begin(format::Section kind);
  void write(Bytes bytes);

  /// Bytes written so far.
  std::uint64_t size() const { return size_; }
  /// False once the sink has refused: nothing is written any more.
  bool ok() const { return ok_; }

  /// The pack's first bytes. All sections must have been begun. Fails with internal where the sink
  /// refused.
  Result<std::vector<std::uint8_t>> finish() &&;

 private:
  struct Section {
    format::Section kind;
    std::uint64_t begin = 0;
    std::uint32_t crc32 = 0;
  };

  PackSink sink_;
  std::size_t section_count_;
  std::vector<Section> sections_;
  std::uint64_t size_ = 0;
  bool ok_ = true;
};

}  // namespace weir::retrieval
