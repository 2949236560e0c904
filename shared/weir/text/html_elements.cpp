#include "weir/text/html_elements.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "weir/text/ascii.hpp"
#include "weir/text/html_tokens.hpp"

namespace weir::text {
namespace {

using Role = ElementRole;

/// In the order of their names. Those that are not here are parts of a line: `a`, `b`, `span`.
constexpr std::array<Element, 63> elements = {{
    {"address", Role::block, 0},    {"article", Role::block, 0},  {"aside", Role::block, 0},
    {"blockquote", Role::block, 0}, {"body", Role::block, 0},     {"br", Role::line_break, 0},
    {"button", Role::unread, 0},    {"canvas", Role::unread, 0},  {"caption", Role::block, 0},
    {"code", Role::code, 0},        {"dd", Role::block, 0},       {"details", Role::block, 0},
    {"dialog", Role::block, 0},     {"div", Role::block, 0},      {"dl", Role::block, 0},
    {"dt", Role::term, 0},          {"fieldset", Role::block, 0}, {"figcaption", Role::block, 0},
    {"figure", Role::block, 0},     {"footer", Role::aside, 0},   {"form", Role::block, 0},
    {"h1", Role::heading, 1},       {"h2", Role::heading, 2},     {"h3", Role::heading, 3},
    {"h4", Role::heading, 4},       {"h5", Role::heading, 5},     {"h6", Role::heading, 6},
    {"head", Role::block, 0},       {"header", Role::block, 0},   {"hr", Role::line_break, 0},
    {"html", Role::block, 0},       {"iframe", Role::style, 0},   {"input", Role::line_break, 0},
    {"kbd", Role::code, 0},         {"legend", Role::block, 0},   {"li", Role::item, 0},
    {"main", Role::block, 0},       {"menu", Role::block, 0},     {"nav", Role::aside, 0},
    {"noembed", Role::style, 0},    {"noframes", Role::style, 0}, {"noscript", Role::unread, 0},
    {"ol", Role::block, 0},         {"option", Role::block, 0},   {"p", Role::block, 0},
    {"pre", Role::preserved, 0},    {"samp", Role::code, 0},      {"script", Role::script, 0},
    {"section", Role::block, 0},    {"select", Role::unread, 0},  {"style", Role::style, 0},
    {"summary", Role::block, 0},    {"svg", Role::unread, 0},     {"table", Role::block, 0},
    {"tbody", Role::block, 0},      {"td", Role::cell, 0},        {"template", Role::unread, 0},
    {"textarea", Role::style, 0},   {"th", Role::cell, 0},        {"thead", Role::block, 0},
    {"title", Role::heading, 1},    {"tr", Role::block, 0},       {"ul", Role::block, 0},
}};
constexpr Element other = {};
constexpr std::size_t longest_name = 10;

/// Sphinx, Docutils, Doxygen, DocBook, MediaWiki, rustdoc, Bootstrap and others write these.
constexpr std::array<std::string_view, 25> unread_names = {
    "breadcrumb", "breadcrumbs", "editsection",     "headerlink",       "line-numbers",
    "lineno",     "linenodiv",   "linenos",         "md-sidebar",       "mw-editsection",
    "navbar",     "navfooter",   "navheader",       "navpath",          "sidebar",
    "siteSub",    "skip-nav",    "sphinxsidebar",   "src-line-numbers", "srclink",
    "t-navbar",   "test-arrow",  "toggle-all-docs", "viewcode-link",    "wy-nav-side"};

bool has_unread_name(std::string_view names) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find_first_of(" \t\r\n"));
    if (std::find(unread_names.begin(), unread_names.end(), name) != unread_names.end())
      return true;
    names.remove_prefix(std::min(names.size(), name.size() + 1));
  }
  return false;
}

}  // namespace

const Element& element(std::string_view name) {
  if (name.size() > longest_name) return other;
  std::array<char, longest_name> buffer;
  std::transform(name.begin(), name.end(), buffer.begin(), [](char c) { return to_lower(c); });
  const std::string_view lower(buffer.data(), name.size());
  const auto* const found =
      std::lower_bound(elements.begin(), elements.end(), lower,
                       [](const Element& a, std::string_view b) { return a.name < b; });
  return found != elements.end() && found->name == lower ? *found : other;
}

bool Element::is_control() const {
  constexpr std::array<std::string_view, 5> controls = {"button", "canvas", "input", "select",
                                                        "textarea"};
  return std::find(controls.begin(), controls.end(), name) != controls.end();
}

bool is_named_unread(std::string_view attributes) {
  if (attributes.size() < 5) return false;
  return has_unread_name(attribute(attributes, "class")) ||
         has_unread_name(attribute(attributes, "id")) ||
         attribute(attributes, "role") == "navigation";
}

}  // namespace weir::text
