#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "weir/base/time.hpp"
#include "weir/relay/answers.hpp"

namespace weir::relay {

/// Keys with which nothing may run any more although no answer is kept for them: cancelled before
/// their ask came, or of an answer that was let go. Bounded: the oldest is forgotten first.
class SpentKeys {
 public:
  enum class Why : std::uint8_t { cancelled, forgotten };

  explicit SpentKeys(std::size_t most) : most_(most) {}

  void set_most(std::size_t most) { most_ = most; }

  /// The first reason given for a key stays.
  void add(const Id128& key, Why why, Instant until);
  std::optional<Why> find(const Id128& key) const;
  void expire(Instant now);
  std::optional<Instant> deadline() const;

 private:
  struct Spent {
    Instant until;
    Id128 key;
  };
  void forget_oldest();

  std::size_t most_;
  IdMap<Why> why_;
  std::deque<Spent> oldest_first_;
};

}  // namespace weir::relay
