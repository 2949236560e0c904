#include "weir/retrieval/postings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "weir/retrieval/bits.hpp"
#include "weir/retrieval/bm25f.hpp"

namespace weir::retrieval {
namespace {

constexpr unsigned width_bits = 3;  // a strength has at most six

/// A term that is rarer than this idf is told in all bits; with each halving one bit less.
constexpr bm25f::Fixed told_whole = 32 * bm25f::one / 10;
constexpr unsigned dropped_most = 5;
/// Shorter lists cost little whatever they tell.
constexpr std::uint64_t short_list = 512;

unsigned bits_for(std::uint32_t most) {
  return 32U - static_cast<unsigned>(std::countl_zero(most));
}

/// A number of at most `most`, in the fewest bits that every such number has, or one less for the
/// lower ones (truncated binary code).
void put_bounded(BitWriter& out, std::uint32_t value, std::uint32_t most) {
  const unsigned bits = bits_for(most);
  if (bits == 0) return;
  // So many of the codes with a bit less are to spare.
  const auto spare = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - most - 1);
  if (value < spare) {
    out.put(value, bits - 1);
  } else {
    const std::uint32_t code = value + spare;
    out.put(code >> 1, bits - 1);
    out.put(code & 1, 1);
  }
}

/// `most` is not 0. Without a branch on what is read: it is as good as random.
inline std::uint32_t get_bounded(BitReader& in, std::uint32_t most) {
  const unsigned bits = bits_for(most);
  const auto spare = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - most - 1);
  in.need(bits);
  const std::uint32_t code = in.peek(bits - 1), last = in.peek(bits) >> (bits - 1);
  const bool is_long = code >= spare;
  in.skip(bits - (is_long ? 0 : 1));
  return is_long ? 2 * code + last - spare : code;
}

/// Binary interpolative coding (Moffat and Stuiver, 2000): the middle number within what its
/// neighbours leave open, then the halves. Runs of neighbours cost nothing. Numbers ascend, within
/// [low, high], and there is at least one.
void put_ascending(BitWriter& out, std::span<const std::uint32_t> numbers, std::uint32_t low,
                   std::uint32_t high) {
  // Where all numbers are there, nothing is left to tell.
  if (high - low + 1 == numbers.size()) return;
  const std::size_t middle = numbers.size() / 2;
  const auto before = static_cast<std::uint32_t>(middle);
  const auto behind = static_cast<std::uint32_t>(numbers.size() - 1 - middle);
  const std::uint32_t number = numbers[middle];
  put_bounded(out, number - low - before, high - behind - low - before);
  if (middle > 0) put_ascending(out, numbers.first(middle), low, number - 1);
  if (behind > 0) put_ascending(out, numbers.subspan(middle + 1), number + 1, high);
}

/// Numbers that are still to be read: so many within [low, high], from `begin` on.
struct Stretch {
  std::uint32_t begin;
  std::uint32_t count;
  std::uint32_t low;
  std::uint32_t high;
};

/// Halves of halves: no more wait at a time.
constexpr std::size_t waiting_most = 33;

/// Reads what put_ascending() wrote, in its order, but in a loop with the reader at hand: lists of
/// common words have a million numbers. Whatever is read, the numbers ascend within the bounds.
void get_ascending(BitReader& reader, std::span<std::uint32_t> numbers, std::uint32_t high) {
  BitReader in = reader;
  std::array<Stretch, waiting_most> waiting;
  std::size_t waits = 0;
  Stretch at{0, static_cast<std::uint32_t>(numbers.size()), 0, high};
  for (;;) {
    if (at.high - at.low + 1 == at.count) {
      std::iota(&numbers[at.begin], &numbers[at.begin] + at.count, at.low);
    } else {
      const std::uint32_t before = at.count / 2, behind = at.count - 1 - before;
      const std::uint32_t number =
          at.low + before + get_bounded(in, at.high - behind - at.low - before);
      numbers[at.begin + before] = number;
      if (behind > 0) waiting[waits++] = {at.begin + before + 1, behind, number + 1, at.high};
      if (before > 0) {
        at = {at.begin, before, at.low, number - 1};
        continue;
      }
    }
    if (waits == 0) break;
    at = waiting[--waits];
  }
  reader = in;
}

/// The least, how many bits the differences to it have, and the differences; all without the
/// dropped bits.
void put_strengths(BitWriter& out, std::span<const std::uint8_t> strengths, unsigned dropped) {
  const std::uint32_t most_told = strength_most >> dropped;
  const auto told = [&](std::uint8_t strength) {
    const std::uint32_t rounded = (strength + ((1U << dropped) >> 1)) >> dropped;
    return std::clamp(rounded, strength > 0 ? 1U : 0U, most_told);  // what is there stays there
  };
  const auto [least, most] = std::minmax_element(strengths.begin(), strengths.end());
  const unsigned width = bits_for(told(*most) - told(*least));
  out.put(told(*least), strength_bits);
  out.put(width, width_bits);
  for (const std::uint8_t strength : strengths) out.put(told(strength) - told(*least), width);
}

bool get_strengths(BitReader& reader, std::span<std::uint8_t> strengths, unsigned dropped) {
  BitReader in = reader;
  const std::uint32_t least = in.get(strength_bits);
  const unsigned width = in.get(width_bits);
  constexpr std::size_t at_once = 8;  // of seven bits at most
  std::uint32_t most = 0;
  while (!strengths.empty()) {
    const auto next = strengths.first(std::min(strengths.size(), at_once));
    in.need(at_once * width);
    for (std::uint8_t& strength : next) {
      const std::uint32_t value = (least + in.peek(width)) << dropped;
      in.skip(width);
      most = std::max(most, value);
      strength = static_cast<std::uint8_t>(value);
    }
    strengths = strengths.subspan(next.size());
  }
  reader = in;
  return most <= strength_most;
}

void set_files(std::span<const std::uint32_t> file_of, Postings& out) {
  out.files.resize(out.chunks.size());
  std::uint32_t last = ~std::uint32_t{0};
  std::size_t count = 0;
  for (const std::uint32_t chunk : out.chunks) {
    const std::uint32_t file = file_of[chunk];
    count += file != last ? 1 : 0;  // the first is another one
    out.files[count - 1] = last = file;
  }
  out.files.resize(count);
}

}  // namespace

void Postings::clear() {
  chunks.clear();
  chunk_strengths.clear();
  files.clear();
  file_strengths.clear();
  defines.clear();
}

unsigned dropped_bits(std::uint64_t chunks_with_term, std::uint64_t chunk_count) {
  if (chunks_with_term < short_list) return 0;
  const bm25f::Fixed idf = bm25f::idf(chunk_count, chunks_with_term);
  unsigned dropped = 0;
  for (bm25f::Fixed bound = told_whole; idf < bound && dropped < dropped_most; bound /= 2)
    ++dropped;
  return dropped;
}

void append_postings(std::vector<std::uint8_t>& out, const PostingsView& postings,
                     std::size_t chunk_count) {
  BitWriter bits(out);
  put_ascending(bits, postings.chunks, 0, static_cast<std::uint32_t>(chunk_count - 1));
  const unsigned dropped = dropped_bits(postings.chunks.size(), chunk_count);
  put_strengths(bits, postings.chunk_strengths, dropped);
  put_strengths(bits, postings.file_strengths, dropped);
  bits.put(postings.defines.empty() ? 0 : 1, 1);
  for (const std::uint8_t defined : postings.defines) bits.put(defined, 1);
  bits.finish();
}

bool read_postings(Bytes bytes, std::uint32_t count, std::span<const std::uint32_t> file_of,
                   Postings& out) {
  out.clear();
  if (count == 0 || count > file_of.size()) return false;
  BitReader bits(bytes);
  out.chunks.resize(count);
  get_ascending(bits, out.chunks, static_cast<std::uint32_t>(file_of.size() - 1));
  set_files(file_of, out);
  out.chunk_strengths.resize(count);
  out.file_strengths.resize(out.files.size());
  const unsigned dropped = dropped_bits(count, file_of.size());
  if (!get_strengths(bits, out.chunk_strengths, dropped) ||
      !get_strengths(bits, out.file_strengths, dropped)) {
    return false;
  }
  if (bits.get(1) != 0) {
    out.defines.resize(out.files.size());
    for (std::uint8_t& defined : out.defines) defined = static_cast<std::uint8_t>(bits.get(1));
  }
  return bits.ok() && bits.at_end();
}

}  // namespace weir::retrieval
