#pragma once

#include <cstdint>
#include <string_view>

namespace weir::text {

/// What an element means to a page's text.
enum class ElementRole : std::uint8_t {
  inline_text,  ///< parts no words
  block,
  item,
  cell,
  heading,    ///< `title`, `h1` to `h6`
  term,       ///< `dt`
  preserved,  ///< `pre`
  code,
  line_break,
  script,
  style,   ///< and what else holds no markup and is not to be read
  unread,  ///< what holds no prose: buttons, drawings
  aside,   ///< what stands on every page: navigation, footers
};

struct Element {
  std::string_view name;
  ElementRole role = ElementRole::inline_text;
  int level = 0;  ///< of a heading

  bool is_control() const;
};

/// By its name, in letters of any case.
const Element& element(std::string_view name);

/// Whether what an element holds is named navigation by its class, id or role, as generators of
/// documentation do, or belongs to the page and not to its text (links to a heading itself or to
/// its source, numbers of lines).
bool is_named_unread(std::string_view attributes);

}  // namespace weir::text
