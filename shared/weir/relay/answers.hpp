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

/// Who asked, by id and by key, and their answers, within the limits on their number and their
/// bytes. A running one stays; an ended one may go, the one that ended first before the others.
class Answers {
 public:
  explicit Answers(const limits::Answer& limits) : limits_(limits) {}
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  /// From now on.
  void set_limits(const limits::Answer& limits) { limits_ = limits; }

  Asker* find(const Id128& id) const;
  Asker* find_by_key(const Id128& key) const;

  /// With an answer of its own. Neither id nor key may be there already.
  Asker& add(const Id128& id, const Id128& key, std::uint64_t fingerprint);
  /// From now on it has this answer; the one it had goes where nobody else holds it.
  void give(Asker& asker, std::shared_ptr<Answer> answer);
  /// An answer with the same log, which goes on by itself.
  std::shared_ptr<Answer> copy(const Answer& answer);

  void append(Answer& answer, stream::Event&& event);
  /// Lets this answer's oldest events go, as far as all logs together are too large.
  void shed_excess(Answer& answer);

  /// The asker's answer has ended: from now on it may be taken out.
  void retire(Asker& asker, Instant now);
  const Asker* oldest_ended() const { return ended_.empty() ? nullptr : ended_.front(); }
  /// There must be one.
  std::unique_ptr<Asker> take_oldest_ended();

  /// Another answer would pass a limit.
  bool full() const { return by_id_.size() >= limits_.answers || bytes_ >= limits_.all_logs_bytes; }
  bool too_many_bytes() const { return bytes_ > limits_.all_logs_bytes; }
  std::size_t size() const { return by_id_.size(); }
  std::size_t running() const { return by_id_.size() - ended_.size(); }
  std::size_t log_bytes() const { return bytes_; }

 private:
  std::shared_ptr<Answer> make(std::unique_ptr<Answer> answer);

  limits::Answer limits_;
  std::size_t bytes_ = 0;  ///< of all logs; counted down as each goes, so it outlives them
  IdMap<std::unique_ptr<Asker>> by_id_;
  IdMap<Asker*> by_key_;
  std::deque<Asker*> ended_;  ///< in the order in which their answers ended
};

}  // namespace weir::relay
