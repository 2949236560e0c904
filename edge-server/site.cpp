#include "site.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace weir::edge {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> media_types = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".xml", "application/xml"},
    {".weir", "application/octet-stream"},
}};

bool is_hash_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool lies_in(const fs::path& root, const fs::path& file) {
  const fs::path relative = file.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  // An empty file sets failbit on the stringstream, not on the file.
  if (!file.is_open() || file.bad()) return std::nullopt;
  return std::move(bytes).str();
}

std::string_view cache_control(std::string_view path) {
  return is_hashed(path) ? "public, max-age=31536000, immutable" : "no-cache";
}

}  // namespace

std::string_view media_type(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string_view extension = dot == path.npos ? std::string_view() : path.substr(dot);
  for (const auto& [known, type] : media_types) {
    if (known == extension) return type;
  }
  return "application/octet-stream";
}

bool is_hashed(std::string_view path) {
  constexpr std::size_t hash_characters = 8;
  if (!path.starts_with("assets/")) return false;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::string_view stem = name.substr(0, name.find('.'));
  if (stem.size() <= hash_characters || stem[stem.size() - hash_characters - 1] != '-')
    return false;
  for (const char c : stem.substr(stem.size() - hash_characters)) {
    if (!is_hash_character(c)) return false;
  }
  return true;
}

Result<Site> Site::load(const std::string& folder) {
  Site site;
  if (folder.empty()) return site;
  std::error_code failure;
  const fs::path root = fs::canonical(folder, failure);
  if (failure || !fs::is_directory(root)) {
    return Error{ErrorCode::not_found, folder + " is no folder.", "Name the page's with --site."};
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file(failure)) continue;
    const fs::path target = fs::canonical(entry.path(), failure);
    if (failure || !lies_in(root, target)) continue;
    std::optional<std::string> bytes = read_file(target);
    if (bytes)
      site.bytes_[entry.path().lexically_relative(root).generic_string()] = *std::move(bytes);
  }
  for (const auto& [path, bytes] : site.bytes_) {
    site.contents_[path] = {Content(bytes), make_etag(as_bytes(bytes)),
                            std::string(media_type(path)), std::string(cache_control(path))};
  }
  return site;
}

Reply Site::file(std::string_view path, const FileRequest& request) const {
  std::string name(path);
  if (name.empty() || name.ends_with('/')) name += "index.html";
  const auto found = contents_.find(name);
  if (found == contents_.end()) {
    return error_reply({ErrorCode::not_found, "There is nothing at this path.", ""});
  }
  const auto packed = contents_.find(name + ".br");
  if (packed == contents_.end()) return file_reply(request, found->second);

  const bool brotli = accepts_coding(request.accept_encoding, "br");
  FileContent content = found->second;
  if (brotli) {
    content.bytes = packed->second.bytes;
    content.etag = packed->second.etag;
  }
  Reply reply = file_reply(request, content);
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (brotli) reply.headers.emplace_back("Content-Encoding", "br");
  return reply;
}

}  // namespace weir::edge
