#include <algorithm>
#include <utility>

#include "weir/relay/core.hpp"

namespace weir::relay {

/// Moving a catalog leaves its providers where they lie, so what points at them goes on.
void Relay::Core::on(Reconfigure& input) {
  retired_.push_back({std::move(config_.catalog), generation_++});
  config_ = *input.config;
  answers_.set_limits(config_.answer);
  cache_.reset(config_.cache);
  admission_.set_limits(config_.admission);
  spent_keys_.set_most(config_.answer.answers);
  health_ = Health(config_.recovery);
  queue_moved_ = admission_.waiting() > 0;

  std::uint32_t oldest = generation_;
  for (const auto& [id, answer] : runs_) oldest = std::min(oldest, answer->run->generation);
  std::erase_if(retired_, [&](const Retired& each) { return each.generation < oldest; });
}

}  // namespace weir::relay
