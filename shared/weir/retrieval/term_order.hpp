#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/string_table.hpp"
#include "weir/retrieval/workers.hpp"

namespace weir::retrieval {

/// The dictionary's order of terms that several vocabularies have numbered, each in its own way.
class TermOrder {
 public:
  /// Views the lists' strings, which must outlive it.
  TermOrder(std::span<const StringList* const> lists, const Workers& workers);

  /// What a term of a list is numbered in the order of all.
  std::uint32_t number(std::size_t list, std::uint32_t term) const { return numbers_[list][term]; }

  /// The keys in their order.
  std::span<const std::string_view> keys() const { return keys_; }

 private:
  std::vector<std::string_view> keys_;
  std::vector<std::vector<std::uint32_t>> numbers_;  ///< of each list
};

}  // namespace weir::retrieval
