#include "weir/tokens/incremental.hpp"

#include <algorithm>

#include "weir/text/utf8.hpp"
#include "weir/tokens/bpe.hpp"
#include "weir/tokens/split.hpp"

namespace weir::tokens {

void IncrementalCounter::append(std::string_view bytes) {
  if (bytes.empty()) return;
  tail_count_.reset();
  // Few bytes complete a code point: take just these, so that the rest needs no copy.
  while (!carry_.empty() && !bytes.empty()) {
    carry_ += bytes.front();
    bytes.remove_prefix(1);
    const std::size_t done = carry_.size() - text::incomplete_suffix(carry_);
    text::append_replaced(tail_, std::string_view(carry_).substr(0, done));
    carry_.erase(0, done);
  }
  if (!bytes.empty()) {
    const std::size_t keep = text::incomplete_suffix(bytes);
    text::append_replaced(tail_, bytes.substr(0, bytes.size() - keep));
    carry_ += bytes.substr(bytes.size() - keep);
  }
  if (tail_.size() >= next_look_) settle();
}

void IncrementalCounter::settle() {
  std::size_t at = 0;
  while (at < tail_.size()) {
    const Piece piece = next_piece(encoding_->name(), tail_, at);
    if (!piece.settled) break;
    settled_ += encode_piece(encoding_->vocabulary(),
                             std::string_view(tail_).substr(at, piece.end - at), nullptr);
    at = piece.end;
  }
  tail_.erase(0, at);
  next_look_ = std::max(first_look_bytes, 2 * tail_.size());
}

std::size_t IncrementalCounter::total() const {
  if (!tail_count_) {
    tail_count_ = encoding_->count(carry_.empty() ? tail_ : tail_ + carry_);
  }
  return settled_ + *tail_count_;
}

}  // namespace weir::tokens
