#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/wire/trace.hpp"

namespace weir::relay {

/// What one client may do, where that is not what every client may. A limit of 0 is none; one that
/// is left out is the edge's (limits::Admission).
struct ClientRights {
  std::optional<std::size_t> running;  ///< answers at a time
  std::optional<std::size_t> requests_per_minute;
  std::optional<std::size_t> tokens_per_minute;
  std::vector<std::string> packs;  ///< private ones it may have, by the host's names for them

  friend bool operator==(const ClientRights&, const ClientRights&) = default;
};

/// Who asks, as far as the host can tell clients apart.
struct Client {
  std::uint64_t id = 0;                        ///< 0: not counted
  std::shared_ptr<const ClientRights> rights;  ///< null: those that every client has
  wire::Trace trace{};                         ///< of this ask; id 0: none
  bool no_cache = false;  ///< this ask wants an answer of its own (Cache-Control, RFC 9111)

  Client(std::uint64_t client_id = 0, std::shared_ptr<const ClientRights> its_rights = nullptr)
      : id(client_id), rights(std::move(its_rights)) {}
};

}  // namespace weir::relay
