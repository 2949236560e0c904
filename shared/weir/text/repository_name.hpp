#pragma once

#include <string_view>

namespace weir::text {

/// Whether `repo_url` ("https://host/owner/name.git", "owner/name", "name") means the repository
/// that a pack calls `repository`. Letter case does not count; hosts and a missing owner do not
/// either.
bool names_repository(std::string_view repo_url, std::string_view repository);

}  // namespace weir::text
