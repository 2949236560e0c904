#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::bench {

/// A header's value, of a message's head that ends with its last line's CRLF; empty: not there.
std::string_view header(std::string_view head, std::string_view name);

std::optional<std::size_t> content_length(std::string_view head);

/// Takes an HTTP response apart, however it is cut: its head, then the body without the framing.
class ResponseDecoder {
 public:
  /// Moves what `in` holds of the response's body to the end of `body`. False: it is no response
  /// that this program understands.
  bool take(std::string& in, std::string& body);

  bool has_head() const { return framing_ != Framing::unknown; }
  int status() const { return status_; }
  /// The response is over; the next one may begin.
  bool is_whole() const { return whole_; }
  std::size_t head_bytes() const { return head_bytes_; }
  void restart() { *this = ResponseDecoder(); }

 private:
  enum class Framing { unknown, chunked, length };

  bool take_head(std::string& in);
  /// True: a chunk, or its line, was taken whole.
  bool take_chunk(std::string_view in, std::size_t& at, std::string& body, bool& good);

  Framing framing_ = Framing::unknown;
  int status_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t left_ = 0;  ///< bytes of the body or of the chunk, its CRLF included
  bool whole_ = false;
};

}  // namespace weir::bench
