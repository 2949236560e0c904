#include "text_file.hpp"

#include <fstream>
#include <sstream>

namespace weir::edge {

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return Error{ErrorCode::not_found, path + ": cannot be read.", ""};
  return text.str();
}

}  // namespace weir::edge
