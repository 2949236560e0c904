#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/relay/client.hpp"

namespace weir::edge {

/// Who may ask, as a config file says it.
struct AccessSettings {
  enum class Mode : std::uint8_t { open, codes, tokens };

  struct Code {
    std::string name;  ///< in logs and counts; clients of one name count as one
    std::string code;  ///< a secret
    relay::ClientRights rights;
  };

  Mode mode = Mode::open;
  bool is_set = false;           ///< by the file; otherwise the environment may name a code
  bool beyond_loopback = false;  ///< open for everybody, though others than this machine reach it
  std::vector<Code> codes;
  std::string keys;  ///< for tokens: a file, or an address of http(s)
  std::string issuer;
  std::string audience;
};

}  // namespace weir::edge
