#pragma once

#include <string_view>

#include "weir/text/globs.hpp"

namespace weir::retrieval {

/// Folders and files that no question is about: version control, dependencies, build output,
/// caches.
text::Globs default_excludes();

/// By extension: images, sound, archives, object code, fonts.
bool has_binary_name(std::string_view path);

/// By name: lock files, minified code, source maps.
bool has_generated_name(std::string_view path);

}  // namespace weir::retrieval
