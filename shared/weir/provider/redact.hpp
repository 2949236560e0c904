#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::provider {

/// A provider's own words made fit for people and logs: one line of at most about 300 bytes, in
/// which `secrets` and everything that looks like a key ("sk-...", "Bearer ...", "abc***xyz") is
/// replaced.
std::string redact(std::string_view text, const std::vector<std::string_view>& secrets);

}  // namespace weir::provider
