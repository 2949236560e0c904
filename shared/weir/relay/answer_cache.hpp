#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/relay/answer.hpp"

namespace weir::relay {

/// Answers by what was asked, for whoever asks the same: those that run, and for a while those that
/// have ended well. Within limits on time and bytes; the one that ended first goes first.
class AnswerCache {
 public:
  explicit AnswerCache(const limits::Cache& limits) : limits_(limits) {}

  /// From now on; what was asked under other settings is given to nobody any more.
  void reset(const limits::Cache& limits);

  /// Null where there is none, or where its log's beginning is lost.
  std::shared_ptr<Answer> find(const CacheKey& key) const;

  /// A running answer, in place of an earlier one under this key.
  void offer(const CacheKey& key, std::shared_ptr<Answer> answer);
  /// An offered answer has ended: one that ended well is kept.
  void ended(const Answer& answer, bool well, Instant now);

  void expire(Instant now);
  std::optional<Instant> deadline() const;
  /// The one that ended first goes, for its memory; false where none is kept.
  bool drop_oldest();

  std::size_t kept() const { return kept_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::shared_ptr<Answer> answer;
    Instant until;
  };

  limits::Cache limits_;
  std::map<CacheKey, std::shared_ptr<Answer>> by_key_;
  std::deque<Kept> kept_;  ///< in the order in which they ended
  std::size_t bytes_ = 0;  ///< of the logs of `kept_`
};

}  // namespace weir::relay
