#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"

namespace weir::edge {

/// Who may speak to the edge, judged by Host and Origin before any work is done. Host guards
/// against DNS rebinding: a page whose own name was pointed at a loopback address sends that name
/// here.
class Gate {
 public:
  /// `hosts`: names without a port, beside the loopback ones, which are always allowed. `origins`:
  /// "https://docs.example.org", each as a browser sends it.
  Gate(std::vector<std::string> hosts, std::vector<std::string> origins);

  /// `host`: the Host header's value; nothing or a foreign name is `forbidden_origin`. `origin`:
  /// nothing where the header was not sent.
  Result<void> admit(std::optional<std::string_view> host,
                     std::optional<std::string_view> origin) const;

 private:
  std::vector<std::string> hosts_;
  std::vector<std::string> origins_;
};

/// The name of "name:port", "[::1]:port" or "name", in lower case; nothing where it is malformed.
std::optional<std::string> host_name(std::string_view host);

/// Whether `text` is an origin as browsers send it: "scheme://host[:port]".
bool is_origin(std::string_view text);

}  // namespace weir::edge
