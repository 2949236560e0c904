#include "weir/tokens/incremental.hpp"

#include <algorithm>

#include "weir/text/utf8.hpp"
#include "weir/tokens/bpe.hpp"

namespace weir::tokens {
namespace {

// A shorter tail or piece is simply looked at anew.
constexpr std::size_t long_bytes = 64;

}  // namespace

void IncrementalCounter::append(std::string_view bytes) {
  if (bytes.empty()) return;
  tail_count_.reset();
  // Few bytes complete a code point: take just these, so that the rest needs no copy.
  while (!carry_.empty() && !bytes.empty()) {
    carry_ += bytes.front();
    bytes.remove_prefix(1);
    const std::size_t done = carry_.size() - text::incomplete_suffix(carry_);
    take(std::string_view(carry_).substr(0, done));
    carry_.erase(0, done);
  }
  if (!bytes.empty()) {
    const std::size_t keep = text::incomplete_suffix(bytes);
    take(bytes.substr(0, bytes.size() - keep));
    carry_ += bytes.substr(bytes.size() - keep);
  }
  if (tail_.size() >= long_bytes) settle();
}

/// Of whole code points.
void IncrementalCounter::take(std::string_view bytes) {
  const Normalizer& normalizer = encoding_->vocabulary().normalizer();
  if (normalizer.changes_nothing()) return text::append_replaced(tail_, bytes);
  const std::size_t known = pending_.size();
  text::append_replaced(pending_, bytes);
  const std::size_t last = normalizer.last_segment(pending_, known);
  normalizer.append(tail_, std::string_view(pending_).substr(0, last));
  pending_.erase(0, last);
}

void IncrementalCounter::settle() {
  std::size_t at = 0;
  while (at < tail_.size()) {
    // What was found of an unsettled piece is used again if the piece is still the tail's first.
    const Piece piece = next_piece(encoding_->name(), tail_, at, first_scan_);
    if (!piece.settled) break;
    settled_ += encode_piece(encoding_->vocabulary(),
                             std::string_view(tail_).substr(at, piece.end - at), nullptr);
    at = piece.end;
    first_scan_ = {};
  }
  if (at == 0) return;
  tail_.erase(0, at);
  first_scan_ = {};
  first_ = {};
  second_ = {};
}

std::size_t IncrementalCounter::total() const {
  if (!tail_count_) tail_count_ = count_tail();
  return settled_ + *tail_count_;
}

/// What may go on counts as it is, for now; a code point that has only begun as U+FFFD.
std::size_t IncrementalCounter::count_tail() const {
  const std::size_t real = tail_.size();
  encoding_->vocabulary().normalizer().append(tail_, pending_);
  if (!carry_.empty()) text::append_utf8(tail_, text::replacement_character);
  const std::size_t count = real < long_bytes ? encoding_->count(tail_) : count_long_tail(real);
  tail_.resize(real);
  return count;
}

std::size_t IncrementalCounter::count_long_tail(std::size_t real) const {
  const std::string_view tail = tail_;
  std::size_t count = 0;
  std::size_t at = count_long_piece(first_, real, count);
  if (tail.size() - at >= long_bytes) {
    if (second_.begin != at) second_ = LongPiece{at, at, {}, {}};
    at = count_long_piece(second_, real, count);
  }
  return count + encoding_->count(tail.substr(at));
}

/// Adds the piece's tokens to `count` and returns its end.
std::size_t IncrementalCounter::count_long_piece(LongPiece& piece, std::size_t real,
                                                 std::size_t& count) const {
  const std::string_view tail = tail_;
  piece.scan.reached = std::min(piece.scan.reached, piece.real);
  const std::size_t end = next_piece(encoding_->name(), tail, piece.begin, piece.scan).end;
  count += piece.tokens.count(encoding_->vocabulary(), tail.substr(piece.begin, end - piece.begin),
                              piece.real - piece.begin);
  piece.real = real;
  return end;
}

}  // namespace weir::tokens
