#pragma once

#include <map>
#include <string>
#include <string_view>

#include "file_reply.hpp"
#include "reply.hpp"
#include "weir/base/result.hpp"

namespace weir::edge {

/// The static web app, read into memory at the start: a request looks a path up in a table and
/// never touches the file system, so no path can lead out of the folder.
class Site {
 public:
  /// No folder, no site. Links that lead out of the folder are left out.
  static Result<Site> load(const std::string& folder);

  /// `path`: relative, decoded; "" or one that ends with a slash means its index.html.
  Reply file(std::string_view path, const FileRequest& request) const;

 private:
  std::map<std::string, std::string, std::less<>> bytes_;
  std::map<std::string, FileContent, std::less<>> contents_;
};

/// The media type for a file's name; application/octet-stream where it says nothing.
std::string_view media_type(std::string_view path);

/// Whether the name of a file under assets/ holds a hash of its content, as Vite writes it
/// ("assets/index-B2x4_pQ9.js"): such a file never changes.
bool is_hashed(std::string_view path);

}  // namespace weir::edge
