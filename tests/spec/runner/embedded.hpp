#pragma once

#include <string_view>
#include <vector>

namespace weir::spec {

/// A transcript file as embed.cmake put it into the program: the wasm build has no file system.
struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

std::vector<EmbeddedFile> embedded_files();

}  // namespace weir::spec
