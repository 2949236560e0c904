#include "weir/retrieval/pack_terms.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "weir/retrieval/postings.hpp"
#include "weir/retrieval/term_dictionary.hpp"

namespace weir::retrieval {
namespace {

/// Of so many postings the terms are inverted at a time.
constexpr std::uint64_t postings_at_once = 16 << 20;

/// Terms that one worker writes, and what becomes of them.
struct Stretch {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  std::vector<std::uint8_t> postings;
  std::vector<std::size_t> ends;  ///< of each term's, in `postings`

  void write(const InvertedTerms& inverted, std::size_t chunk_count) {
    for (std::uint32_t term = first; term < end; ++term) {
      append_postings(postings, inverted.postings(term), chunk_count);
      ends.push_back(postings.size());
    }
  }
};

/// The terms from `first` on that have at least as many postings as are wanted, together.
Stretch next_stretch(std::span<const std::uint32_t> chunk_counts, std::uint32_t first,
                     std::uint64_t wanted) {
  Stretch stretch;
  stretch.first = stretch.end = first;
  for (std::uint64_t count = 0; stretch.end < chunk_counts.size() && count < wanted; ++stretch.end)
    count += chunk_counts[stretch.end];
  return stretch;
}

std::uint64_t sum_of(std::span<const std::uint32_t> counts) {
  std::uint64_t sum = 0;
  for (const std::uint32_t count : counts) sum += count;
  return sum;
}

/// Those of a round, for as many workers.
std::vector<Stretch> stretches_of(std::span<const std::uint32_t> chunk_counts, const Stretch& round,
                                  std::size_t workers) {
  chunk_counts = chunk_counts.first(round.end);
  const std::uint64_t wanted = sum_of(chunk_counts.subspan(round.first)) / workers + 1;
  std::vector<Stretch> stretches;
  for (std::uint32_t at = round.first; at < round.end; at = stretches.back().end)
    stretches.push_back(next_stretch(chunk_counts, at, wanted));
  return stretches;
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
  TermDictionaryWriter dictionary;
  writer.begin(format::Section::postings);
  for (std::uint32_t at = 0; at < keys.size();) {
    // Each round reads all files: there are as few as memory allows.
    const Stretch round = next_stretch(chunk_counts, at, postings_at_once);
    at = round.end;
    const InvertedTerms inverted = inverter.invert(round.first, round.end, workers);
    std::vector<Stretch> stretches = stretches_of(chunk_counts, round, workers.count);
    workers.run(stretches.size(),
                [&](std::size_t i) { stretches[i].write(inverted, chunk_count); });
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
