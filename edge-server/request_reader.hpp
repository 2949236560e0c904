#pragma once

#include <optional>
#include <string_view>

#include "gate.hpp"
#include "http_io.hpp"
#include "reply.hpp"
#include "weir/base/limits.hpp"

namespace weir::edge {

/// Reads one HTTP request. The gate stands between its header and its body: nothing of a refused
/// request is read further.
class RequestReader {
 public:
  RequestReader(const Gate& gate, const limits::Server& server, const limits::Request& request);

  /// Takes bytes from the front of `bytes`; what is left must come again, with more behind it.
  void read(std::string_view& bytes);

  /// The request has been read whole, or is refused: see refusal().
  bool done() const { return refusal_ || parser_.is_done(); }
  /// The client waits for a word before it sends the body (RFC 9110, 10.1.1); true once.
  bool takes_wish_to_continue();

  /// Why nothing more of the request is read. The connection cannot go on after that response.
  std::optional<Reply>& refusal() { return refusal_; }
  /// Of a request that was refused.
  ResponseContext refusal_context() const;

  bool keep_alive() const { return parser_.keep_alive(); }
  /// The request, which must be whole.
  Request release();

 private:
  void take_header_bytes(std::string_view bytes, error_code& error);
  void take_header();
  bool at_first_chunk() const;
  void refuse_unreadable(const error_code& error);

  const Gate& gate_;
  const limits::Server& server_;
  const limits::Request& limits_;
  http::request_parser<http::string_body> parser_;
  std::optional<http::request_header<>> header_;  ///< of a request that may have trailers
  std::optional<Reply> refusal_;
  bool header_taken_ = false;
  std::size_t header_bytes_ = 0;
  bool folded_ = false;  ///< a line of the header goes on in the next one
  bool wish_to_continue_ = false;
};

}  // namespace weir::edge
