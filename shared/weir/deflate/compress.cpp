#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "weir/deflate/deflate.hpp"
#include "weir/deflate/huffman.hpp"
#include "weir/deflate/matcher.hpp"

namespace weir::deflate {
namespace {

// RFC 1951, 3.2.5 to 3.2.7.
constexpr std::size_t literals = 286, distances = 30, end_of_block = 256;
constexpr std::size_t length_codes = 19;
constexpr unsigned bits_most = 15, length_code_bits_most = 7;
constexpr std::uint8_t order_of_lengths[length_codes] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                         11, 4,  12, 3, 13, 2, 14, 1, 15};

/// A block is stored where its codes would take more than its bytes; what is around them, and what
/// the block before left of a byte, is less than this.
constexpr std::size_t around_block_most = 16;

/// A length or a distance: its symbol, and the bits that follow it.
struct Symbol {
  std::uint16_t symbol = 0;
  std::uint8_t extra_bits = 0;
  std::uint16_t base = 0;
};

/// Values from 0 on in groups, of which each `per_doubling` are twice as large as those before.
template <std::size_t size>
constexpr std::array<Symbol, size> grouped(std::uint16_t first, unsigned per_doubling_bits) {
  std::array<Symbol, size> table{};
  const unsigned per_doubling = 1U << per_doubling_bits;
  std::size_t at = 0;
  for (unsigned group = 0; at < size; ++group) {
    const unsigned extra = group < 2 * per_doubling ? 0 : (group >> per_doubling_bits) - 1;
    const auto base = static_cast<std::uint16_t>(at);
    for (std::size_t left = std::size_t{1} << extra; left > 0 && at < size; --left)
      table[at++] = {static_cast<std::uint16_t>(first + group), static_cast<std::uint8_t>(extra),
                     base};
  }
  return table;
}

/// By length less 3. The greatest has a symbol of its own.
constexpr auto length_symbols = [] {
  auto table = grouped<256>(257, 2);
  table.back() = {285, 0, 255};
  return table;
}();

/// By distance less 1 up to 256, then by its upper bits.
constexpr auto near_distances = grouped<256>(0, 1);
Symbol distance_symbol(std::uint32_t distance) {
  if (distance < near_distances.size()) return near_distances[distance];
  const auto extra = static_cast<unsigned>(std::bit_width(distance)) - 2;
  const std::uint32_t upper = distance >> extra;  // 2 or 3
  return {static_cast<std::uint16_t>(2 * extra + upper), static_cast<std::uint8_t>(extra),
          static_cast<std::uint16_t>(upper << extra)};
}

/// Writes bits into bytes that are there already.
class BitSink {
 public:
  explicit BitSink(std::uint8_t* out) : out_(out) {}

  /// At most 32.
  void put(std::uint32_t bits, unsigned count) {
    held_ |= std::uint64_t{bits} << count_;
    count_ += count;
    if (count_ < 32) return;
    for (std::size_t i = 0; i < 4; ++i) *out_++ = static_cast<std::uint8_t>(held_ >> (8 * i));
    held_ >>= 32;
    count_ -= 32;
  }
  void put(const Code& code) { put(code.bits, code.length); }

  void fill_byte() {
    for (; count_ > 0; count_ -= std::min(count_, 8U), held_ >>= 8)
      *out_++ = static_cast<std::uint8_t>(held_);
  }

  /// Whole bytes, after fill_byte().
  void put(Bytes bytes) { out_ = std::copy(bytes.begin(), bytes.end(), out_); }

  const std::uint8_t* end() const { return out_; }

 private:
  std::uint8_t* out_;
  std::uint64_t held_ = 0;
  unsigned count_ = 0;
};

/// The codes of a block.
struct Codes {
  std::array<Code, literals> literal;
  std::array<Code, distances> distance;

  std::uint64_t bits(std::span<const std::uint32_t> literal_counts,
                     std::span<const std::uint32_t> distance_counts) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < literals; ++i)
      sum += std::uint64_t{literal_counts[i]} * literal[i].length;
    for (std::size_t i = 0; i < distances; ++i)
      sum += std::uint64_t{distance_counts[i]} * distance[i].length;
    return sum;
  }
};

const Codes& fixed_codes() {
  static const Codes codes = [] {
    // Two more have their place in the code, and never occur.
    std::array<Code, literals + 2> all;
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].length = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    assign_bits(all);
    Codes fixed;
    std::copy_n(all.begin(), literals, fixed.literal.begin());
    for (Code& code : fixed.distance) code.length = 5;
    assign_bits(fixed.distance);
    return fixed;
  }();
  return codes;
}

/// The lengths of a block's codes, as its head tells them: runs of equal ones in one.
class CodeLengths {
 public:
  explicit CodeLengths(const Codes& codes) {
    literal_count_ = used(codes.literal, 257);
    distance_count_ = used(codes.distance, 1);
    std::vector<std::uint8_t> lengths;
    for (std::size_t i = 0; i < literal_count_; ++i) lengths.push_back(codes.literal[i].length);
    for (std::size_t i = 0; i < distance_count_; ++i) lengths.push_back(codes.distance[i].length);
    for (std::size_t at = 0; at < lengths.size();) at += add_run(std::span(lengths).subspan(at));
    std::array<std::uint32_t, length_codes> counts{};
    for (const Run& run : runs_) ++counts[run.symbol];
    assign_lengths(counts, length_code_bits_most, codes_);
    assign_bits(codes_);
    told_ = length_codes;
    while (told_ > 4 && codes_[order_of_lengths[told_ - 1]].length == 0) --told_;
  }

  std::uint64_t bits() const {
    std::uint64_t sum = 14 + 3 * std::uint64_t{told_};
    for (const Run& run : runs_) sum += std::uint64_t{codes_[run.symbol].length} + run.extra_bits;
    return sum;
  }

  void write(BitSink& out) const {
    out.put(static_cast<std::uint32_t>(literal_count_ - 257), 5);
    out.put(static_cast<std::uint32_t>(distance_count_ - 1), 5);
    out.put(static_cast<std::uint32_t>(told_ - 4), 4);
    for (std::size_t i = 0; i < told_; ++i) out.put(codes_[order_of_lengths[i]].length, 3);
    for (const Run& run : runs_) {
      out.put(codes_[run.symbol]);
      out.put(run.extra, run.extra_bits);
    }
  }

 private:
  struct Run {
    std::uint8_t symbol;
    std::uint8_t extra_bits;
    std::uint8_t extra;
  };

  static std::size_t used(std::span<const Code> codes, std::size_t least) {
    std::size_t count = codes.size();
    while (count > least && codes[count - 1].length == 0) --count;
    return count;
  }

  void add(std::size_t symbol, unsigned extra_bits = 0, std::size_t extra = 0) {
    runs_.push_back({static_cast<std::uint8_t>(symbol), static_cast<std::uint8_t>(extra_bits),
                     static_cast<std::uint8_t>(extra)});
  }

  /// Tells some of the lengths, equal ones; how many.
  std::size_t add_run(std::span<const std::uint8_t> lengths) {
    const std::uint8_t length = lengths[0];
    std::size_t run = 1;
    while (run < lengths.size() && lengths[run] == length) ++run;
    if (length == 0 && run >= 11) {
      run = std::min<std::size_t>(run, 138);
      add(18, 7, run - 11);
      return run;
    }
    if (length == 0 && run >= 3) {
      add(17, 3, run - 3);
      return run;
    }
    add(length);
    if (length == 0 || run < 4) return 1;
    const std::size_t again = std::min<std::size_t>(run - 1, 6);
    add(16, 2, again - 3);
    return again + 1;
  }

  std::size_t literal_count_, distance_count_, told_;
  std::vector<Run> runs_;
  std::array<Code, length_codes> codes_;
};

class Block {
 public:
  Block(std::span<const Token> tokens, Bytes plain) : tokens_(tokens), plain_(plain) {
    for (const Token& token : tokens) {
      if (!token.is_match()) {
        ++literal_counts_[token.distance];
        continue;
      }
      const Symbol& length = length_symbols[token.length - 3U];
      const Symbol distance = distance_symbol(token.distance);
      ++literal_counts_[length.symbol];
      ++distance_counts_[distance.symbol];
      extra_bits_ += length.extra_bits + distance.extra_bits;
    }
    literal_counts_[end_of_block] = 1;
  }

  void write(BitSink& out, bool last) const {
    Codes own;
    assign_lengths(literal_counts_, bits_most, own.literal);
    assign_lengths(distance_counts_, bits_most, own.distance);
    const CodeLengths lengths(own);
    const std::uint64_t with_own = lengths.bits() + own.bits(literal_counts_, distance_counts_);
    const std::uint64_t with_fixed = fixed_codes().bits(literal_counts_, distance_counts_);
    const std::uint64_t coded = std::min(with_own, with_fixed) + extra_bits_;
    if (coded / 8 > plain_.size()) return write_stored(out, last);
    out.put(last ? 1 : 0, 1);
    out.put(with_own < with_fixed ? 2 : 1, 2);
    if (with_own >= with_fixed) return write_tokens(out, fixed_codes());
    assign_bits(own.literal);
    assign_bits(own.distance);
    lengths.write(out);
    write_tokens(out, own);
  }

 private:
  void write_tokens(BitSink& out, const Codes& codes) const {
    for (const Token& token : tokens_) {
      if (!token.is_match()) {
        out.put(codes.literal[token.distance]);
        continue;
      }
      const Symbol& length = length_symbols[token.length - 3U];
      const Symbol distance = distance_symbol(token.distance);
      out.put(codes.literal[length.symbol]);
      out.put(token.length - 3U - length.base, length.extra_bits);
      out.put(codes.distance[distance.symbol]);
      out.put(static_cast<std::uint32_t>(token.distance - distance.base), distance.extra_bits);
    }
    out.put(codes.literal[end_of_block]);
  }

  /// A block is never longer than can be told.
  void write_stored(BitSink& out, bool last) const {
    out.put(last ? 1 : 0, 3);
    out.fill_byte();
    const auto size = static_cast<std::uint32_t>(plain_.size());
    out.put(size | (~size << 16), 32);
    out.put(plain_);
  }

  std::span<const Token> tokens_;
  Bytes plain_;
  std::array<std::uint32_t, literals> literal_counts_{};
  std::array<std::uint32_t, distances> distance_counts_{};
  std::uint64_t extra_bits_ = 0;
};

}  // namespace

void compress(Bytes input, std::vector<std::uint8_t>& out) {
  thread_local Matcher matcher;
  thread_local std::vector<Token> tokens;
  const std::size_t begin = out.size();
  const std::size_t blocks = input.size() / Matcher::bytes_most + 1;
  out.resize(begin + input.size() + blocks * around_block_most);
  BitSink bits(&out[begin]);
  for (bool last = false; !last;) {
    const Bytes part = input.first(std::min(input.size(), Matcher::bytes_most));
    input = input.subspan(part.size());
    last = input.empty();
    matcher.tell(part, tokens);
    Block(tokens, part).write(bits, last);
  }
  bits.fill_byte();
  out.resize(static_cast<std::size_t>(bits.end() - out.data()));
}

}  // namespace weir::deflate
