#include "weir/retrieval/default_excludes.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/file_form.hpp"

namespace weir::retrieval {
namespace {

constexpr std::string_view excluded[] = {
    ".git/",       ".hg/",        ".svn/",        ".jj/",      "node_modules/", "bower_components/",
    ".venv/",      "venv/",       "__pycache__/", ".tox/",     ".mypy_cache/",  ".pytest_cache/",
    ".gradle/",    ".idea/",      ".vscode/",     ".next/",    ".nuxt/",        ".cache/",
    "dist/",       "/build/",     "/target/",     "/out/",     "coverage/",     ".eggs/",
    "*.egg-info/", ".terraform/", "DerivedData/", ".DS_Store", "*.weir",        ".env",
    ".env.local",  "*.pem",       "*.key",        "id_rsa",    "id_ed25519"};

// Sorted, for binary search.
constexpr std::string_view binary_extensions[] = {
    "7z",   "a",    "ai",  "aof", "apk",     "avi",    "avif", "bin",    "bmp",  "bz2",   "class",
    "crt",  "cur",  "dat", "db",  "der",     "dll",    "dmg",  "doc",    "docx", "dylib", "eot",
    "exe",  "flac", "gif", "gz",  "heic",    "icns",   "ico",  "iso",    "jar",  "jpeg",  "jpg",
    "lib",  "lz4",  "mkv", "mo",  "mov",     "mp3",    "mp4",  "npy",    "npz",  "o",     "obj",
    "ogg",  "onnx", "otf", "p12", "parquet", "pdf",    "pfx",  "png",    "ppt",  "pptx",  "profraw",
    "psd",  "pyc",  "pyo", "rar", "rdb",     "sketch", "so",   "sqlite", "svg",  "tar",   "tgz",
    "tif",  "tiff", "ttf", "war", "wasm",    "wav",    "webm", "webp",   "woff", "woff2", "xls",
    "xlsx", "xz",   "zip", "zst"};

constexpr std::string_view generated_names[] = {
    "cargo.lock",   "composer.lock",       "flake.lock",        "gemfile.lock",
    "go.sum",       "npm-shrinkwrap.json", "package-lock.json", "packages.lock.json",
    "pipfile.lock", "pnpm-lock.yaml",      "poetry.lock",       "uv.lock",
    "yarn.lock"};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = detail::lower(c);
  return out;
}

}  // namespace

text::Globs default_excludes() {
  text::Globs globs;
  for (const std::string_view pattern : excluded) globs.add(pattern);
  return globs;
}

bool has_binary_name(std::string_view path) {
  const std::string name = lowered(file_name(path));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  return std::binary_search(std::begin(binary_extensions), std::end(binary_extensions),
                            std::string_view(name).substr(dot + 1));
}

bool has_generated_name(std::string_view path) {
  const std::string name = lowered(file_name(path));
  if (name.ends_with(".map") || name.ends_with(".snap") || name.ends_with(".lock")) return true;
  if (name.find(".min.") != std::string::npos) return true;
  return std::find(std::begin(generated_names), std::end(generated_names), name) !=
         std::end(generated_names);
}

}  // namespace weir::retrieval
