#include "weir/retrieval/term_order.hpp"

#include <algorithm>

namespace weir::retrieval {
namespace {

/// A term, and the first bytes of its key as a number that compares as they do.
struct Entry {
  std::uint64_t beginning;
  std::uint32_t list;
  std::uint32_t term;
};

std::uint64_t beginning_of(std::string_view key) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value = value << 8 | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
  return value;
}

class Before {
 public:
  explicit Before(std::span<const StringList* const> lists) : lists_(lists) {}

  bool operator()(const Entry& a, const Entry& b) const {
    if (a.beginning != b.beginning) return a.beginning < b.beginning;
    return key(a) < key(b);
  }
  std::string_view key(const Entry& entry) const { return (*lists_[entry.list])[entry.term]; }

 private:
  std::span<const StringList* const> lists_;
};

std::vector<Entry> sorted_entries(const StringList& strings, std::uint32_t list,
                                  const Before& before) {
  std::vector<Entry> entries(strings.size());
  for (std::uint32_t term = 0; term < strings.size(); ++term)
    entries[term] = {beginning_of(strings[term]), list, term};
  // Those of a pack are in their order already.
  if (!std::is_sorted(entries.begin(), entries.end(), before))
    std::sort(entries.begin(), entries.end(), before);
  return entries;
}

}  // namespace

TermOrder::TermOrder(std::span<const StringList* const> lists, const Workers& workers)
    : numbers_(lists.size()) {
  const Before before(lists);
  std::vector<std::vector<Entry>> sorted(lists.size());
  workers.run(lists.size(), [&](std::size_t list) {
    sorted[list] = sorted_entries(*lists[list], static_cast<std::uint32_t>(list), before);
    numbers_[list].resize(lists[list]->size());
  });
  std::vector<Entry> all;
  for (const std::vector<Entry>& entries : sorted) {
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), entries.begin(), entries.end());
    std::inplace_merge(all.begin(), all.begin() + middle, all.end(), before);
  }
  for (const Entry& entry : all) {
    const std::string_view key = before.key(entry);
    if (keys_.empty() || keys_.back() != key) keys_.push_back(key);
    numbers_[entry.list][entry.term] = static_cast<std::uint32_t>(keys_.size() - 1);
  }
}

}  // namespace weir::retrieval
