#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "weir/base/limits.hpp"
#include "weir/relay/answer.hpp"

namespace weir::relay {

/// Ids and keys are secrets of their holders: a lookup must not tell how near a guess was.
struct ConstantTimeEqual {
  bool operator()(const Id128& a, const Id128& b) const { return equal_in_constant_time(a, b); }
};

template <class Value>
using IdMap = std::unordered_map<Id128, Value, Id128Hash, ConstantTimeEqual>;

/// The answers that are kept, by id and by key, within the limits on their number and their bytes.
/// A running answer stays; an ended one may go, the one that ended first before the others.
class Answers {
 public:
  explicit Answers(const limits::Answer& limits) : limits_(limits) {}

  /// From now on.
  void set_limits(const limits::Answer& limits) { limits_ = limits; }

  Answer* find(const Id128& id) const;
  Answer* find_by_key(const Id128& key) const;

  /// Neither id nor key may be there already.
  Answer& add(const Id128& id, const Id128& key, std::uint64_t fingerprint);
  void append(Answer& answer, stream::Event&& event);
  /// Lets this answer's oldest events go, as far as all logs together are too large.
  void shed_excess(Answer& answer);

  /// The answer has ended: from now on it may be taken out.
  void retire(Answer& answer, Instant now);
  const Answer* oldest_ended() const { return ended_.empty() ? nullptr : ended_.front(); }
  /// There must be one.
  std::unique_ptr<Answer> take_oldest_ended();

  /// Another answer would pass a limit.
  bool full() const { return by_id_.size() >= limits_.answers || bytes_ >= limits_.all_logs_bytes; }
  bool too_many_bytes() const { return bytes_ > limits_.all_logs_bytes; }
  std::size_t size() const { return by_id_.size(); }
  std::size_t running() const { return by_id_.size() - ended_.size(); }
  std::size_t log_bytes() const { return bytes_; }

 private:
  limits::Answer limits_;
  IdMap<std::unique_ptr<Answer>> by_id_;
  IdMap<Answer*> by_key_;
  std::deque<Answer*> ended_;  ///< in the order in which they ended
  std::size_t bytes_ = 0;
};

}  // namespace weir::relay
