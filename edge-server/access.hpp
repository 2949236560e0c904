#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access_settings.hpp"
#include "key_set.hpp"
#include "pack_rights.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/base/time.hpp"
#include "weir/relay/client.hpp"

namespace weir::edge {

/// Who may ask, and what: everybody, who has a code, or who has a signed token.
class Access {
 public:
  Access(const AccessSettings& settings, std::vector<std::string> private_packs,
         const limits::Access& limits);

  /// Whom this credential (a code or a token; empty: none was sent) is of. `address`: the client's,
  /// as a number (Clients::client_of), by which clients of an open edge are told apart. Who has
  /// been wrong too often is `rate_limited` for a while, everybody else is let in or
  /// `unauthorized`.
  Result<relay::Client> admit(std::string_view credential, std::uint64_t address, Instant now,
                              std::int64_t unix_seconds);

  /// Files that go only to clients whose rights name them.
  const PackRights::Names& private_packs() const { return private_packs_; }

  bool asks_for_code() const { return settings_.mode == AccessSettings::Mode::codes; }
  bool is_open() const { return settings_.mode == AccessSettings::Mode::open; }
  /// Tokens cannot be verified before their keys have come.
  bool ready() const { return settings_.mode != AccessSettings::Mode::tokens || !keys_.empty(); }

  void set_keys(KeySet keys) { keys_ = std::move(keys); }
  const KeySet& keys() const { return keys_; }
  const limits::Access& limits() const { return limits_; }
  /// Where the keys are to be fetched from; empty: they stand in a file, or there are none.
  std::string keys_address() const;
  /// Called where a token names a key that is not known: there may be new ones.
  std::function<void()> on_unknown_key;

 private:
  using Digest = std::string;
  struct Code {
    Digest digest;
    relay::Client client;
  };
  struct Wrong {
    std::size_t count = 0;
    Instant since;
  };

  Result<relay::Client> client_of(std::string_view credential, std::int64_t unix_seconds) const;
  Result<relay::Client> client_of_code(std::string_view code) const;
  Result<relay::Client> client_of_token(std::string_view token, std::int64_t unix_seconds) const;
  bool was_wrong_too_often(std::uint64_t address, Instant now);
  void note_wrong(std::uint64_t address, Instant now);

  AccessSettings settings_;
  PackRights::Names private_packs_;
  limits::Access limits_;
  std::vector<Code> codes_;
  KeySet keys_;
  std::unordered_map<std::uint64_t, Wrong> wrong_;  ///< by address, within the last minute
};

}  // namespace weir::edge
