#include "weir/retrieval/pack_terms.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "weir/retrieval/postings.hpp"
#include "weir/retrieval/term_dictionary.hpp"

namespace weir::retrieval {
namespace {

/// Of so many postings the terms are inverted at a time, by all workers together.
constexpr std::uint64_t postings_at_once = 16 << 20;

/// Terms that one worker takes, and what becomes of them.
struct Stretch {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  std::vector<std::uint8_t> postings;
  std::vector<std::size_t> ends;  ///< of each term's, in `postings`

  void make(const Inverter& inverter, std::size_t chunk_count) {
    const InvertedTerms inverted = inverter.invert(first, end);
    for (std::uint32_t term = first; term < end; ++term) {
      append_postings(postings, inverted.postings(term), chunk_count);
      ends.push_back(postings.size());
    }
  }
};

/// The next terms, of at least as many postings as a worker is to take; as all workers read all
/// files, they are as few stretches as memory allows.
Stretch next_stretch(std::span<const std::uint32_t> chunk_counts, std::uint32_t first,
                     std::uint64_t wanted) {
  Stretch stretch;
  stretch.first = stretch.end = first;
  for (std::uint64_t count = 0; stretch.end < chunk_counts.size() && count < wanted; ++stretch.end)
    count += chunk_counts[stretch.end];
  return stretch;
}

void add_terms(TermDictionaryWriter& dictionary, const Stretch& stretch,
               std::span<const std::string_view> keys,
               std::span<const std::uint32_t> chunk_counts) {
  std::size_t begin = 0;
  for (std::uint32_t term = stretch.first; term < stretch.end; ++term) {
    const std::size_t end = stretch.ends[term - stretch.first];
    dictionary.add(keys[term], chunk_counts[term], end - begin);
    begin = end;
  }
}

}  // namespace

void write_terms(PackWriter& writer, const Inverter& inverter,
                 std::span<const std::string_view> keys, std::size_t chunk_count,
                 const Workers& workers) {
  const std::span<const std::uint32_t> chunk_counts = inverter.chunk_counts();
  std::uint64_t all = 0;
  for (const std::uint32_t count : chunk_counts) all += count;
  const std::uint64_t wanted = std::min(all / workers.count + 1, postings_at_once / workers.count);
  TermDictionaryWriter dictionary;
  writer.begin(format::Section::postings);
  for (std::uint32_t at = 0; at < keys.size();) {
    std::vector<Stretch> stretches;
    while (stretches.size() < workers.count && at < keys.size()) {
      stretches.push_back(next_stretch(chunk_counts, at, wanted));
      at = stretches.back().end;
    }
    workers.run(stretches.size(), [&](std::size_t i) { stretches[i].make(inverter, chunk_count); });
    for (const Stretch& stretch : stretches) {
      add_terms(dictionary, stretch, keys, chunk_counts);
      writer.write(stretch.postings);
    }
  }
  const auto sections = std::move(dictionary).finish();
  writer.begin(format::Section::terms);
  writer.write(sections.terms);
  writer.begin(format::Section::term_index);
  writer.write(sections.index);
}

}  // namespace weir::retrieval
