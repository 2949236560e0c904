#include "weir/text/html_page.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "weir/text/ascii.hpp"
#include "weir/text/html_elements.hpp"
#include "weir/text/html_tokens.hpp"
#include "weir/text/utf8.hpp"

namespace weir::text {
namespace {

using Role = ElementRole;

constexpr std::size_t text_bytes_least = 150;
constexpr std::size_t text_share_least = 200;  ///< one part in so many
constexpr std::size_t bytes_per_control = 60;
constexpr std::size_t template_marks_most = 2;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

bool begins_like_a_document(std::string_view html) {
  while (true) {
    const std::size_t at = html.find_first_not_of(" \t\r\n\f");
    if (at == std::string_view::npos || html[at] != '<') return false;
    html.remove_prefix(at);
    const std::string beginning = to_lower(html.substr(0, 14));
    if (beginning.starts_with("<!doctype html") || beginning.starts_with("<html")) return true;
    if (!beginning.starts_with("<!--") && !beginning.starts_with("<?xml")) return false;
    html.remove_prefix(html_markup(html, 0).end);
  }
}

/// Lays out what is to be read: blanks, breaks, and the marks of Markdown.
class Layout {
 public:
  explicit Layout(std::size_t reserve) { out_.reserve(reserve); }

  /// Words without blanks.
  void write(std::string_view words) {
    begin_word(words.front(), words.substr(1));
    out_ += words;
    written_ += words.size();
  }
  void write(char32_t code_point) {
    begin_word(code_point == '#' ? '#' : 'x', {});
    append_utf8(out_, code_point);
    ++written_;
  }
  void blank() { blank_ = true; }
  /// Within preformatted text.
  void blank(char c) {
    if (block_) start_line();
    if (line_empty_) mark_ = {};
    indented_ = line_empty_;
    out_ += c;
  }
  /// The source's.
  void line_feed() {
    if (heading_) {
      ++held_line_feeds_;
      blank_ = true;
      return;
    }
    out_ += '\n';
    line_empty_ = true;
    blank_ = cell_ = block_ = indented_ = false;
  }
  /// Within a heading it is a blank.
  void end_block() { (heading_ && mark_.empty() ? blank_ : block_) = true; }
  void end_cell() { cell_ = true; }
  void drop_mark() { mark_ = {}; }

  void begin_item() {
    end_heading();
    block_ = true;
    mark_ = "- ";
  }
  void begin_heading(int level) {
    constexpr std::string_view marks = "###### ";
    end_heading();
    block_ = true;
    mark_ = marks.substr(marks.size() - 1 - static_cast<std::size_t>(level));
    heading_ = true;
  }
  void end_heading() {
    if (!heading_) return;
    heading_ = false;
    mark_ = {};
    block_ = true;
    for (; held_line_feeds_ > 0; --held_line_feeds_) line_feed();
  }

  std::size_t written() const { return written_; }
  std::string take() && {
    end_heading();
    return std::move(out_);
  }

 private:
  void start_line() {
    if (block_ && !line_empty_) {
      out_ += soft_break;
      line_empty_ = true;
    }
    block_ = cell_ = false;
  }

  /// `rest` follows the word's first character in the source.
  void begin_word(char first, std::string_view rest) {
    if (block_) start_line();
    if (line_empty_) {
      out_ += mark_;
      if (mark_.empty() && !indented_ && first == '#' && looks_like_a_heading(rest)) out_ += ' ';
      mark_ = {};
    } else if (cell_) {
      out_ += " | ";
    } else if (blank_) {
      out_ += ' ';
    }
    line_empty_ = blank_ = cell_ = indented_ = false;
  }

  /// What is no heading must not look like one.
  static bool looks_like_a_heading(std::string_view rest) {
    const std::size_t end = rest.find_first_not_of('#');
    return end == std::string_view::npos || is_blank(rest[end]);
  }

  std::string out_;
  std::size_t written_ = 0;
  std::size_t held_line_feeds_ = 0;
  std::string_view mark_;  ///< that the next word begins with
  bool line_empty_ = true, indented_ = false, blank_ = false, cell_ = false, block_ = false,
       heading_ = false;
};

class PageReader {
 public:
  /// `whole`: navigation and controls are read as well.
  PageReader(std::string_view html, bool whole)
      : html_(html), whole_(whole), layout_(html.size() / 4) {}

  /// False: what is left out held what the page is about, or never ended.
  bool read() {
    while (at_ < html_.size() && !lost_) {
      if (html_[at_] == '<') {
        read_markup();
      } else if (!left_out_.empty()) {
        pass_over(std::min(html_.find('<', at_), html_.size()));
      } else {
        read_text();
      }
    }
    return !lost_ && left_out_.empty();
  }

  bool has_text() const {
    return layout_.written() >= std::max(text_bytes_least, html_.size() / text_share_least);
  }
  bool is_page() const {
    return has_text() && layout_.written() >= controls_ * bytes_per_control &&
           script_bytes_ < html_.size() / 2 && template_marks_ <= template_marks_most;
  }
  std::string take() && { return std::move(layout_).take(); }

 private:
  /// Moves on; line feeds stay.
  void pass_over(std::size_t end) {
    const std::string_view passed = html_.substr(at_, end - at_);
    const auto feeds = std::count(passed.begin(), passed.end(), '\n');
    for (std::ptrdiff_t i = 0; i < feeds; ++i) layout_.line_feed();
    at_ = end;
  }

  void read_text() {
    const char c = html_[at_];
    if (c == '\n') {
      layout_.line_feed();
      ++at_;
    } else if (is_blank(c)) {
      if (!preserved_) layout_.blank();
      if (preserved_ && (c == ' ' || c == '\t')) layout_.blank(c);
      ++at_;
    } else if (c == '&') {
      read_reference();
    } else {
      read_words();
    }
  }

  void read_words() {
    std::size_t end = at_;
    for (; end < html_.size(); ++end) {
      const char c = html_[end];
      if (c == '<' || c == '&' || c == '\n' || is_blank(c)) break;
      if (c == '{' && end + 1 < html_.size() && (html_[end + 1] == '{' || html_[end + 1] == '%')) {
        count_template_mark();
        ++end;
      }
    }
    write(end);
  }

  void write(std::size_t end) {
    layout_.write(html_.substr(at_, end - at_));
    at_ = end;
  }

  void read_reference() {
    const CharacterReference reference = character_reference(html_, at_);
    if (reference.length == 0) return write(at_ + 1);
    at_ += reference.length;
    const char32_t c = reference.code_point;
    const bool invisible = c == 0xAD || (c >= 0x200B && c <= 0x200F);
    if (invisible) return;
    if (c > ' ' && c != 0x7F && c != 0xA0) return layout_.write(c);
    if (preserved_ && c != '\n') return layout_.blank(' ');
    if (preserved_) layout_.end_block();
    layout_.blank();
  }

  void read_markup() {
    const HtmlMarkup markup = html_markup(html_, at_);
    if (markup.kind == HtmlMarkup::Kind::none) {
      if (html_.substr(at_ + 1).starts_with('%')) count_template_mark();
      if (left_out_.empty()) return write(at_ + 1);
      ++at_;
      return;
    }
    if (markup.kind == HtmlMarkup::Kind::comment) {
      const std::string_view text = html_.substr(at_, 5);
      if (text == "<?php" || text.starts_with("<?=")) count_template_mark();
      return pass_over(markup.end);
    }
    const Element& known = element(markup.name);
    const bool opening = markup.kind == HtmlMarkup::Kind::opening;
    if (!left_out_.empty()) {
      pass_left_out(markup, known, opening);
      return;
    }
    count_template_marks(markup.attributes);
    if (opening && known.is_control()) ++controls_;
    if (opening && !whole_ && is_left_out(markup, known)) {
      left_out_ = markup.name;
      depth_ = 1;
      by_name_ = known.role != Role::unread;
      const bool in_line = known.role == Role::inline_text || known.role == Role::unread;
      in_line ? layout_.blank() : layout_.end_block();
    } else {
      opening ? open(markup, known) : close(known);
    }
    pass_over(markup.end);
    if (opening) pass_raw_content(markup, known);
  }

  bool is_left_out(const HtmlMarkup& markup, const Element& known) const {
    if (markup.closes_itself) return false;
    if (known.role == Role::aside || known.role == Role::unread) return true;
    const bool may_be_named = known.role == Role::inline_text || known.role == Role::preserved ||
                              (known.role == Role::block &&
                               (known.name == "div" || known.name == "section" ||
                                known.name == "table" || known.name == "ul" || known.name == "ol"));
    return may_be_named && is_named_unread(markup.attributes);
  }

  void pass_left_out(const HtmlMarkup& markup, const Element& known, bool opening) {
    const bool same = equals_in_any_case(markup.name, left_out_);
    if (same && !(opening && markup.closes_itself)) depth_ = opening ? depth_ + 1 : depth_ - 1;
    if (depth_ == 0) left_out_ = {};
    if (by_name_ && opening &&
        (known.level == 1 || known.name == "main" || known.name == "article")) {
      lost_ = true;
    }
    pass_over(markup.end);
    if (opening) pass_raw_content(markup, known);
  }

  void pass_raw_content(const HtmlMarkup& markup, const Element& known) {
    if (known.role != Role::script && known.role != Role::style) return;
    const std::size_t end = raw_content_end(html_, at_, markup.name);
    const bool data = attribute(markup.attributes, "type").find("json") != std::string_view::npos;
    if (known.role == Role::script && !data) script_bytes_ += end - at_;
    pass_over(end);
  }

  void open(const HtmlMarkup& markup, const Element& known) {
    switch (known.role) {
      case Role::heading:
        return layout_.begin_heading(known.level);
      case Role::term:
        if (attribute(markup.attributes, "id").empty()) return layout_.end_block();
        return layout_.begin_heading(5);
      case Role::item:
        return layout_.begin_item();
      case Role::preserved:
        ++preserved_;
        return end_block();
      case Role::code:
        ++code_;
        return;
      default:
        return any(known);
    }
  }

  void close(const Element& known) {
    switch (known.role) {
      case Role::heading:
      case Role::term:
        return layout_.end_heading();
      case Role::item:
      case Role::block:
        layout_.drop_mark();
        return any(known);
      case Role::preserved:
        if (preserved_ > 0) --preserved_;
        return end_block();
      case Role::code:
        if (code_ > 0) --code_;
        return;
      default:
        return any(known);
    }
  }

  /// Of elements whose beginning and end mean the same.
  void any(const Element& known) {
    switch (known.role) {
      case Role::block:
      case Role::item:
      case Role::aside:
        return known.name == "div" ? layout_.end_block() : end_block();
      case Role::line_break:
        return layout_.end_block();
      case Role::cell:
        return layout_.end_cell();
      case Role::unread:
        return layout_.blank();
      default:
        return;
    }
  }

  void end_block() {
    layout_.end_heading();
    layout_.end_block();
  }

  void count_template_mark() {
    if (preserved_ == 0 && code_ == 0) ++template_marks_;
  }
  void count_template_marks(std::string_view attributes) {
    for (std::size_t at = 0; at + 1 < attributes.size(); ++at) {
      const bool brace =
          attributes[at] == '{' && (attributes[at + 1] == '{' || attributes[at + 1] == '%');
      const bool angle =
          attributes[at] == '<' && (attributes[at + 1] == '?' || attributes[at + 1] == '%');
      if (brace || angle) count_template_mark();
    }
  }

  std::string_view html_;
  bool whole_;
  Layout layout_;
  std::size_t at_ = 0;
  std::string_view left_out_;  ///< the element that is being left out
  std::size_t depth_ = 0;      ///< of elements of its name
  bool by_name_ = false;       ///< it may have been left out wrongly
  bool lost_ = false;
  std::size_t preserved_ = 0, code_ = 0;  ///< how many are open
  std::size_t script_bytes_ = 0, controls_ = 0, template_marks_ = 0;
};

}  // namespace

std::optional<std::string> page_text(std::string_view html) {
  if (!begins_like_a_document(html)) return std::nullopt;
  PageReader reader(html, false);
  const bool read = reader.read();
  if (read && reader.is_page()) return std::move(reader).take();
  if (read && reader.has_text()) return std::nullopt;
  // Its text stands in what looked like navigation, or markup that was never closed.
  PageReader again(html, true);
  if (again.read() && again.is_page()) return std::move(again).take();
  return std::nullopt;
}

std::string to_be_read(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const char read = c == soft_break ? '\n' : c;
    if (read != '\n' || !out.ends_with("\n\n")) out += read;
  }
  return out;
}

std::string in_source_lines(std::string text) {
  std::replace(text.begin(), text.end(), soft_break, ' ');
  return text;
}

}  // namespace weir::text
