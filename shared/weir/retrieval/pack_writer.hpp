#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/retrieval/pack_format.hpp"

namespace weir::retrieval {

/// Lays a pack out: header, table, sections back to back (FORMAT.md). Sections are written straight
/// into the pack, so that it is held once.
class PackWriter {
 public:
  explicit PackWriter(std::size_t section_count);

  /// What is appended to bytes() from now on belongs to this section.
  void begin(format::Section kind);
  std::vector<std::uint8_t>& bytes() { return out_; }
  void append(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }

  /// All sections must have been begun.
  std::vector<std::uint8_t> finish() &&;

 private:
  struct Section {
    format::Section kind;
    std::size_t begin;
  };

  std::size_t section_count_;
  std::vector<Section> sections_;
  std::vector<std::uint8_t> out_;
};

}  // namespace weir::retrieval
