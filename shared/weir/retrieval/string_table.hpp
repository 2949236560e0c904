#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/hash.hpp"

namespace weir::retrieval {

/// Gives each distinct string a number, counted from 0 in the order of their coming. Strings lie in
/// one block, so that hundreds of thousands of them cost no allocation each. Under 4 GB in all.
class StringTable {
 public:
  StringTable() : slots_(64, empty) {}

  std::uint32_t intern(std::string_view text) {
    const std::uint64_t hash = fnv1a(text);
    std::size_t slot = find_slot(text, hash);
    if (slots_[slot] != empty) return slots_[slot];
    if ((size() + 1) * 2 > slots_.size()) {
      grow();
      slot = find_slot(text, hash);
    }
    const std::uint32_t id = size();
    slots_[slot] = id;
    hashes_.push_back(hash);
    text_.append(text);
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    return id;
  }

  std::optional<std::uint32_t> find(std::string_view text) const {
    const std::uint32_t id = slots_[find_slot(text, fnv1a(text))];
    if (id == empty) return std::nullopt;
    return id;
  }

  /// Valid until the next intern().
  std::string_view operator[](std::uint32_t id) const {
    const std::uint32_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::string_view(text_).substr(begin, ends_[id] - begin);
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }

 private:
  static constexpr std::uint32_t empty = 0xffffffff;

  std::size_t find_slot(std::string_view text, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = mix(hash) & mask;; slot = (slot + 1) & mask) {
      const std::uint32_t id = slots_[slot];
      if (id == empty || (hashes_[id] == hash && (*this)[id] == text)) return slot;
    }
  }

  /// FNV's high bits are its better ones.
  static std::size_t mix(std::uint64_t hash) {
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }

  void grow() {
    slots_.assign(slots_.size() * 2, empty);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t id = 0; id < size(); ++id) {
      std::size_t slot = mix(hashes_[id]) & mask;
      while (slots_[slot] != empty) slot = (slot + 1) & mask;
      slots_[slot] = id;
    }
  }

  std::vector<std::uint32_t> slots_;  ///< ids; a power of two, at most half full
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> ends_;
  std::string text_;
};

}  // namespace weir::retrieval
