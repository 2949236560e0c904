#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"

namespace weir::retrieval {

/// What reading brings: a value, or nothing yet, as bytes are wanted (the store knows which), or an
/// error.
template <class T>
using Read = Result<std::optional<T>>;

/// A stretch of a file.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  std::uint64_t end() const { return offset + length; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The bytes of a file that is read in place: all of it, or the ranges of it that were brought so
/// far. Whoever reads does so as if all were there; what is not is noted, brought by the host, and
/// the reading is done again:
///
///   while (!(found = read_something(store))) for (range : store.take_wanted()) bring(range);
///
/// Of a whole file any thread may read; of ranges one at a time.
class ByteStore {
 public:
  /// The bytes must outlive the store.
  explicit ByteStore(Bytes whole) : whole_(whole), size_(whole.size()), is_whole_(true) {}
  /// Nothing of a file of that size.
  static ByteStore of_size(std::uint64_t size);

  bool is_whole() const { return is_whole_; }
  std::uint64_t size() const { return size_; }

  /// The range must lie within the file. The view is valid until the next supply().
  std::optional<Bytes> read(ByteRange range) const;

  /// What was read and is not there, by offset; asked for once.
  std::vector<ByteRange> take_wanted();

  /// Bytes of the file that begin at `offset`. What lies past its end is left out.
  void supply(std::uint64_t offset, Bytes bytes);

  /// Lets go of everything that was brought.
  void forget();
  std::uint64_t held() const { return held_; }

 private:
  ByteStore() = default;

  Bytes whole_;
  std::uint64_t size_ = 0;
  bool is_whole_ = false;
  /// By offset; they do not touch each other.
  std::map<std::uint64_t, std::vector<std::uint8_t>> pieces_;
  std::uint64_t held_ = 0;
  mutable std::vector<ByteRange> wanted_;
};

}  // namespace weir::retrieval
