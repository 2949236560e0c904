#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::text {

/// Where a text's lines begin. Lines are counted from 1, as editors do; a line feed at the very end
/// begins no further line. The text must outlive the map.
class LineMap {
 public:
  explicit LineMap(std::string_view text);

  std::uint32_t count() const { return static_cast<std::uint32_t>(starts_.size() - 1); }

  /// Offset of the line's first byte; for count() + 1, the text's size.
  std::size_t begin(std::uint32_t line) const;

  /// The line without its line feed, or carriage return and line feed.
  std::string_view line(std::uint32_t line) const;

  /// The lines from `first` to `last`, both included, without the last one's line end.
  std::string_view lines(std::uint32_t first, std::uint32_t last) const;

  /// The line that holds the byte at `offset`; an offset past the end belongs to the last line.
  /// 0 where the text is empty.
  std::uint32_t line_at(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;  ///< of each line, then the text's size
};

}  // namespace weir::text
