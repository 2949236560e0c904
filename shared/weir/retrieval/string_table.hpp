#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/hash.hpp"

namespace weir::retrieval {

/// Strings that are told by their numbers, counted from 0. They lie in one block, so that hundreds
/// of thousands of them cost no allocation each. Under 4 GB in all.
class StringList {
 public:
  void push_back(std::string_view text) {
    text_.append(text);
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  }

  /// Valid until the next push_back().
  std::string_view operator[](std::uint32_t id) const {
    const std::uint32_t begin = id == 0 ? 0 : ends_[id - 1];
    return {text_.data() + begin, ends_[id] - begin};
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }

  void clear() {
    text_.clear();
    ends_.clear();
  }

 private:
  std::vector<std::uint32_t> ends_;
  std::string text_;
};

/// Gives each distinct string a number in the order of their coming.
class StringTable {
 public:
  StringTable() : slots_(slots_least, empty) {}

  std::uint32_t intern(std::string_view text) { return intern(text, fnv1a(text)); }

  /// `hash` must be fnv1a(text).
  std::uint32_t intern(std::string_view text, std::uint64_t hash) {
    std::size_t slot = find_slot(text, tag_of(hash));
    if (slots_[slot] != empty) return id_of(slots_[slot]);
    if ((size() + 1) * 2 > slots_.size()) {
      grow();
      slot = find_slot(text, tag_of(hash));
    }
    const std::uint32_t id = size();
    slots_[slot] = std::uint64_t{tag_of(hash)} << 32 | id;
    strings_.push_back(text);
    return id;
  }

  std::optional<std::uint32_t> find(std::string_view text) const {
    const std::uint64_t slot = slots_[find_slot(text, tag_of(fnv1a(text)))];
    if (slot == empty) return std::nullopt;
    return id_of(slot);
  }

  /// Valid until the next intern().
  std::string_view operator[](std::uint32_t id) const { return strings_[id]; }
  const StringList& strings() const { return strings_; }

  std::uint32_t size() const { return strings_.size(); }

  void clear() {
    slots_.assign(slots_least, empty);
    strings_.clear();
  }

 private:
  static constexpr std::uint64_t empty = ~std::uint64_t{0};
  static constexpr std::size_t slots_least = 64;

  /// FNV's high bits are its better ones.
  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
  }
  static std::uint32_t id_of(std::uint64_t slot) { return static_cast<std::uint32_t>(slot); }

  std::size_t find_slot(std::string_view text, std::uint32_t tag) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = tag & mask;; at = (at + 1) & mask) {
      const std::uint64_t slot = slots_[at];
      if (slot == empty || (slot >> 32 == tag && same_text(strings_[id_of(slot)], text))) return at;
    }
  }

  void grow() {
    const std::vector<std::uint64_t> before(std::exchange(slots_, {}));
    slots_.assign(before.size() * 2, empty);
    const std::size_t mask = slots_.size() - 1;
    for (const std::uint64_t slot : before) {
      if (slot == empty) continue;
      std::size_t at = static_cast<std::size_t>(slot >> 32) & mask;
      while (slots_[at] != empty) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }

  std::vector<std::uint64_t> slots_;  ///< tag and id; a power of two, at most half full
  StringList strings_;
};

}  // namespace weir::retrieval
