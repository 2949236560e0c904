#include "response.hpp"

#include <algorithm>
#include <utility>

namespace weir::edge {
namespace {

/// Of a large file so much is copied at a time.
constexpr std::size_t piece_bytes = 64 << 10;

bool has_no_body(int status) {
  return status == 204 || status == 304 || status / 100 == 1;
}

}  // namespace

Response::Response(ResponseContext context, Reply reply)
    : context_(std::move(context)), reply_(std::move(reply)) {}

bool Response::append(std::string& out) {
  if (finished()) return false;
  if (!head_sent_) {
    const Body kind = has_no_body(reply_.status) ? Body::none : Body::of_length;
    append_head(out, context_, reply_, kind, reply_.body().size());
    head_sent_ = true;
  }
  const std::string_view piece = body().substr(sent_, piece_bytes);
  out += piece;
  sent_ += piece.size();
  return true;
}

/// What is sent of the reply's body.
std::string_view Response::body() const {
  return context_.head_only || has_no_body(reply_.status) ? std::string_view() : reply_.body();
}

}  // namespace weir::edge
