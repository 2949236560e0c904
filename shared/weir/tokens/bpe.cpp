#include "weir/tokens/bpe.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "weir/base/assert.hpp"

namespace weir::tokens {
namespace {

// Up to this many bytes, looking through all parts for each merge is faster than keeping a heap.
constexpr std::size_t scan_bytes_most = 96;

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

/// Merges by scanning: quadratic, but over a bounded and small number of parts, and without memory
/// of its own.
class ScanningMerge {
 public:
  ScanningMerge(const Vocabulary& vocabulary, std::string_view piece)
      : vocabulary_(vocabulary), piece_(piece), count_(piece.size()) {
    for (std::size_t i = 0; i < count_; ++i) {
      const bool last = i + 1 == count_;
      parts_[i] = {static_cast<std::uint32_t>(i),
                   last ? no_token : vocabulary.find_two(byte_at(piece, i), byte_at(piece, i + 1))};
    }
  }

  void run() {
    while (true) {
      std::size_t lowest = 0;
      for (std::size_t i = 1; i + 1 < count_; ++i) {
        if (parts_[i].joined < parts_[lowest].joined) lowest = i;
      }
      if (parts_[lowest].joined == no_token) return;
      join(lowest);
    }
  }

  std::size_t emit(std::vector<Token>* out) const {
    for (std::size_t i = 0; out && i < count_; ++i) {
      out->push_back(vocabulary_.find(piece_.substr(begin(i), begin(i + 1) - begin(i))));
    }
    return count_;
  }

 private:
  struct Part {
    std::uint32_t begin;
    Token joined;  ///< the token of this part and the next one together
  };

  std::size_t begin(std::size_t i) const { return i < count_ ? parts_[i].begin : piece_.size(); }

  void join(std::size_t i) {
    std::copy(parts_.begin() + static_cast<std::ptrdiff_t>(i) + 2,
              parts_.begin() + static_cast<std::ptrdiff_t>(count_),
              parts_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    --count_;
    rank(i);
    if (i > 0) rank(i - 1);
  }

  void rank(std::size_t i) {
    parts_[i].joined = i + 1 == count_
                           ? no_token
                           : vocabulary_.find(piece_.substr(begin(i), begin(i + 2) - begin(i)));
  }

  const Vocabulary& vocabulary_;
  std::string_view piece_;
  std::size_t count_;
  std::array<Part, scan_bytes_most> parts_;
};

/// Merges in the order of a heap over a linked list of parts. A part is known by its first byte.
class HeapMerge {
 public:
  HeapMerge(const Vocabulary& vocabulary, std::string_view piece)
      : vocabulary_(vocabulary), piece_(piece), parts_(piece.size()) {
    const auto size = static_cast<std::uint32_t>(piece.size());
    heap_.reserve(size);
    for (std::uint32_t i = 0; i < size; ++i) {
      parts_[i] = {i - 1, i + 1, no_token};
      if (i + 1 == size) break;
      parts_[i].joined = vocabulary.find_two(byte_at(piece, i), byte_at(piece, i + 1));
      if (parts_[i].joined != no_token) heap_.push_back(entry(i));
    }
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
  }

  void run() {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
      const std::uint64_t lowest = heap_.back();
      heap_.pop_back();
      const auto part = static_cast<std::uint32_t>(lowest);
      // An entry is out of date where its part was joined in the meantime, or its neighbour was.
      if (parts_[part].joined == lowest >> 32) join(part);
    }
  }

  std::size_t emit(std::vector<Token>* out) const {
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < piece_.size(); i = parts_[i].next, ++count) {
      if (out) out->push_back(vocabulary_.find(piece_.substr(i, parts_[i].next - i)));
    }
    return count;
  }

 private:
  struct Part {
    std::uint32_t previous;  ///< not read for the first part
    std::uint32_t next;      ///< the piece's size for the last part
    Token joined;            ///< the token of this part and the next one together
  };

  std::uint64_t entry(std::uint32_t part) const {
    return std::uint64_t{parts_[part].joined} << 32 | part;
  }

  void join(std::uint32_t part) {
    const std::uint32_t taken = parts_[part].next;
    parts_[taken].joined = no_token;
    parts_[part].next = parts_[taken].next;
    if (parts_[part].next < piece_.size()) parts_[parts_[part].next].previous = part;
    rank(part);
    if (part > 0) rank(parts_[part].previous);
  }

  void rank(std::uint32_t part) {
    const std::uint32_t next = parts_[part].next;
    parts_[part].joined = next == piece_.size()
                              ? no_token
                              : vocabulary_.find(piece_.substr(part, parts_[next].next - part));
    if (parts_[part].joined == no_token) return;
    heap_.push_back(entry(part));
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  }

  const Vocabulary& vocabulary_;
  std::string_view piece_;
  std::vector<Part> parts_;
  std::vector<std::uint64_t> heap_;  ///< token joined, then part: leftmost first among equals
};

template <class Merge>
std::size_t merged(const Vocabulary& vocabulary, std::string_view piece, std::vector<Token>* out) {
  Merge merge(vocabulary, piece);
  merge.run();
  return merge.emit(out);
}

}  // namespace

std::size_t encode_piece(const Vocabulary& vocabulary, std::string_view piece,
                         std::vector<Token>* out) {
  if (piece.empty()) return 0;
  // Most pieces of real text are tokens themselves; a token's bytes always join to it.
  if (const Token whole = vocabulary.find(piece); whole != no_token) {
    if (out) out->push_back(whole);
    return 1;
  }
  WEIR_ASSERT(piece.size() < no_token);
  return piece.size() <= scan_bytes_most ? merged<ScanningMerge>(vocabulary, piece, out)
                                         : merged<HeapMerge>(vocabulary, piece, out);
}

}  // namespace weir::tokens
