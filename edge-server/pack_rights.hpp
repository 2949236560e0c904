#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/relay/client.hpp"

namespace weir::edge {

/// Which packs one client may have. Unchanging, so any thread may ask.
class PackRights {
 public:
  using Names = std::shared_ptr<const std::vector<std::string>>;

  /// `private_packs`: files that go only to clients whose rights name them, or `*`; both may be
  /// null, for none.
  PackRights(Names private_packs, std::shared_ptr<const relay::ClientRights> rights)
      : private_packs_(std::move(private_packs)), rights_(std::move(rights)) {}

  bool is_private(std::string_view file) const {
    return private_packs_ && holds(*private_packs_, file);
  }
  bool allow(std::string_view file) const {
    if (!is_private(file)) return true;
    return rights_ && (holds(rights_->packs, file) || holds(rights_->packs, "*"));
  }

 private:
  static bool holds(const std::vector<std::string>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  }

  Names private_packs_;
  std::shared_ptr<const relay::ClientRights> rights_;
};

}  // namespace weir::edge
