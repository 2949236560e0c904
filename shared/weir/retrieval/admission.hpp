#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/base/limits.hpp"

namespace weir::retrieval {

/// Whether a file goes into the pack, and if not, why not.
enum class Admission : std::uint8_t {
  added,
  from_utf16,  ///< added, as UTF-8
  from_windows_1252,
  from_html,  ///< added, as the text that a reader sees (text/html_page.hpp)
  empty,
  too_large,
  binary,
  other_encoding,
  excluded,   ///< by a glob of the caller's or by the defaults (default_excludes.hpp)
  ignored,    ///< by a .gitignore
  duplicate,  ///< a file of this path is in already
  generated,  ///< lock files, minified and bundled code, what a tool has written: nobody asks about
              ///< them
  bad_path,   ///< no relative path below the root, or no text
  link,       ///< a symbolic link, a device: it has no text of its own
  encrypted,  ///< in an archive, with a password
  unreadable,  ///< the host could not read it
};
inline constexpr std::size_t admission_count = 16;

constexpr bool is_in(Admission admission) {
  return admission <= Admission::from_html;
}

/// The reason as a plain phrase for people, for example "larger than the limit".
std::string_view reason(Admission admission);

/// Whether a file may be called so: by a path that is relative, has no empty or dot parts and no
/// control characters, is UTF-8, and is not too long.
bool is_file_path(std::string_view path, const limits::Pack& limits);

/// What can be told from such a file's name and size; `added` where nothing speaks against it.
Admission admission_of(std::string_view path, std::uint64_t size, const limits::Pack& limits);

/// A file's content as text in UTF-8.
struct FileText {
  Admission admission = Admission::added;
  std::string_view text;  ///< into the content or into `converted`
  std::string converted;  ///< empty where the content is UTF-8 itself

  FileText() = default;
  FileText(const FileText&) = delete;
  FileText& operator=(const FileText&) = delete;
};

/// Looks at a file's bytes, which must outlive the result: their encoding, whether they are a page
/// to be read, and whether anybody has written them by hand. Fills `out`.
void read_text(std::string_view path, Bytes content, FileText& out);

}  // namespace weir::retrieval
