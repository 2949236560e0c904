#pragma once

#include <cstddef>
#include <string_view>

namespace weir::text {

/// One piece of HTML's markup, told as its tokenizer does
/// (https://html.spec.whatwg.org/multipage/parsing.html#tokenization), as views into the text.
struct HtmlMarkup {
  enum class Kind { none, comment, opening, closing };

  Kind kind = Kind::none;  ///< none: the `<` is text
  std::string_view name;   ///< of a tag, as it is written
  std::string_view attributes;
  bool closes_itself = false;  ///< `<br/>`
  std::size_t end = 0;         ///< behind the markup; the text's size where it never ends
};

/// What begins with the `<` at `at`. Doctypes and processing instructions are comments.
HtmlMarkup html_markup(std::string_view html, std::size_t at);

/// Where the content ends of an element that holds no markup (`script`, `title`): at its closing
/// tag, or where the text ends. `from` is behind the opening tag.
std::size_t raw_content_end(std::string_view html, std::size_t from, std::string_view name);

/// The value of the first attribute of that name (in small letters), as it is written; empty where
/// there is none, `name` itself where it has no value.
std::string_view attribute(std::string_view attributes, std::string_view name);

/// A character reference that begins with the `&` at `at`: those with a number, and HTML's names
/// that prose has a use for. `length` is 0 where there is none: then the `&` is text.
struct CharacterReference {
  char32_t code_point = 0;
  std::size_t length = 0;
};
CharacterReference character_reference(std::string_view html, std::size_t at);

}  // namespace weir::text
