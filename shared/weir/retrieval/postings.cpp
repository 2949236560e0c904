#include "weir/retrieval/postings.hpp"

#include <algorithm>
#include <bit>

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

std::uint32_t get_bounded(BitReader& in, std::uint32_t most) {
  const unsigned bits = bits_for(most);
  if (bits == 0) return 0;
  const auto spare = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - most - 1);
  const std::uint32_t code = in.get(bits - 1);
  return code < spare ? code : 2 * code + in.get(1) - spare;
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

/// Whatever is read, the numbers ascend within the bounds.
void get_ascending(BitReader& in, std::span<std::uint32_t> numbers, std::uint32_t low,
                   std::uint32_t high) {
  const std::size_t middle = numbers.size() / 2;
  const auto before = static_cast<std::uint32_t>(middle);
  const auto behind = static_cast<std::uint32_t>(numbers.size() - 1 - middle);
  const std::uint32_t number = low + before + get_bounded(in, high - behind - low - before);
  numbers[middle] = number;
  if (middle > 0) get_ascending(in, numbers.first(middle), low, number - 1);
  if (behind > 0) get_ascending(in, numbers.subspan(middle + 1), number + 1, high);
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

bool get_strengths(BitReader& in, std::vector<std::uint8_t>& strengths, unsigned dropped) {
  const std::uint32_t least = in.get(strength_bits);
  const unsigned width = in.get(width_bits);
  std::uint32_t most = 0;
  for (std::uint8_t& strength : strengths) {
    const std::uint32_t value = (least + in.get(width)) << dropped;
    most = std::max(most, value);
    strength = static_cast<std::uint8_t>(value);
  }
  return most <= strength_most;
}

void set_files(std::span<const std::uint32_t> file_of, Postings& out) {
  for (const std::uint32_t chunk : out.chunks) {
    const std::uint32_t file = file_of[chunk];
    if (out.files.empty() || out.files.back() != file) out.files.push_back(file);
  }
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
  get_ascending(bits, out.chunks, 0, static_cast<std::uint32_t>(file_of.size() - 1));
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
