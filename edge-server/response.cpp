#include "response.hpp"

#include <algorithm>
#include <utility>

namespace weir::edge {
namespace {

/// Of a large file so much is copied at a time.
constexpr std::uint64_t piece_bytes = 64 << 10;

bool has_no_body(int status) {
  return status == 204 || status == 304 || status / 100 == 1;
}

}  // namespace

Response::Response(ResponseContext context, Reply reply)
    : context_(std::move(context)), reply_(std::move(reply)) {}

bool Response::append(std::string& out) {
  if (finished()) return false;
  const std::size_t before = out.size();
  if (!head_sent_) {
    const Body kind = has_no_body(reply_.status) ? Body::none : Body::of_length;
    append_head(out, context_, reply_, kind, static_cast<std::size_t>(reply_.body().size()));
  }
  const auto size = static_cast<std::size_t>(std::min(piece_bytes, body().size() - sent_));
  if (!body().append(out, sent_, size)) {
    out.resize(before);
    return break_off(out);
  }
  head_sent_ = true;
  sent_ += size;
  return true;
}

/// The body's file is not all there any more. A body that has begun can only end too early.
bool Response::break_off(std::string& out) {
  context_.keep_alive = false;
  broken_ = head_sent_;
  if (broken_) return false;
  reply_ = error_reply({ErrorCode::internal, "The edge cannot read this file any more.",
                        "Whoever runs the edge must put it there again, and restart the edge."});
  return append(out);
}

/// What is sent of the reply's body.
Content Response::body() const {
  return context_.head_only || has_no_body(reply_.status) ? Content() : reply_.body();
}

}  // namespace weir::edge
