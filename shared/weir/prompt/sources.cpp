#include "weir/prompt/sources.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "weir/base/hash.hpp"

namespace weir::prompt {
namespace {

constexpr std::string_view no_room = "no room in the model's context";

std::string hex(std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15];
  return out;
}

bool holds(const Passage& passage, std::string_view tag) {
  return passage.text.find(tag) != std::string::npos || passage.path.find(tag) != std::string::npos;
}

/// A word that stands in no passage, so that none can close its own delimiters or open others.
std::string fence_tag(const std::string& question, const std::optional<Passage>& file,
                      const std::vector<Passage>& passages) {
  const auto all_hashed = [&](std::uint64_t hash) {
    if (file) hash = fnv1a(file->text, fnv1a(file->path, hash));
    for (const Passage& passage : passages) hash = fnv1a(passage.text, fnv1a(passage.path, hash));
    return hash;
  };
  std::uint64_t hash = all_hashed(fnv1a(question));
  std::string tag = hex(hash);
  const auto stands_in = [&](const Passage& passage) { return holds(passage, tag); };
  while ((file && stands_in(*file)) || std::any_of(passages.begin(), passages.end(), stands_in)) {
    hash = fnv1a(tag, hash);
    tag = hex(hash);
  }
  return tag;
}

/// Paths may come from archives and file systems where any byte goes: a heading stays one line.
///
/// As every piece of the last message it ends with a line feed, and the next begins with neither a
/// blank nor a slash. Both encodings end a pre-token at such a place, so no token spans two pieces
/// and the sum of the pieces' counts is the count of the message.
std::string file_heading(std::string_view path) {
  std::string out = "File ";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return out += '\n';
}

/// Numbers of up to three digits are one token each in both encodings: which one a passage has in
/// the end does not change its count.
std::string numbered(const Passage& passage, std::size_t number, std::string_view tag) {
  std::string out = "[" + std::to_string(number) + "] lines " + std::to_string(passage.start_line) +
                    "-" + std::to_string(passage.end_line);
  out.append("\n<passage ").append(tag).append(">\n").append(passage.text);
  if (passage.text.empty() || passage.text.back() != '\n') out += '\n';
  out.append("</passage ").append(tag).append(">\n");
  return out;
}

std::string heading(std::string_view tag) {
  std::string out = "Passages of the repository by file, best match first (TAG is ";
  out.append(tag).append("):\n");
  return out;
}

bool lies_within(const Passage& passage, const Passage& whole) {
  return passage.path == whole.path && passage.start_line >= whole.start_line &&
         passage.end_line <= whole.end_line;
}

/// The file's first lines, as many as are `most` tokens.
std::optional<Passage> first_lines(const Passage& file, std::size_t most,
                                   const tokens::Encoding& encoding) {
  const std::size_t bytes = encoding.fitting_prefix(file.text, most);
  if (bytes == file.text.size()) return file;
  const std::size_t last = bytes == 0 ? std::string::npos : file.text.rfind('\n', bytes - 1);
  if (last == std::string::npos) return std::nullopt;
  std::string text = file.text.substr(0, last + 1);
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  return Passage{file.path, file.start_line, file.start_line + lines - 1, std::move(text)};
}

}  // namespace

Sources::Sources(const std::string& question, std::optional<Passage> file,
                 std::vector<Passage> passages)
    : file_(std::move(file)), offered_(std::move(passages)) {
  if (file_ || !offered_.empty()) tag_ = fence_tag(question, file_, offered_);
}

void Sources::choose(std::size_t room, const tokens::Encoding& encoding) {
  shown_.reset();
  kept_ = 0;
  if (!file_ && offered_.empty()) return;
  std::size_t total = encoding.count(heading(tag_));
  if (file_ && total < room) total += show_file((room - total) / 4 * 3, encoding);
  leave_out_what_is_shown();
  for (; kept_ < offered_.size(); ++kept_) {
    const Passage& passage = offered_[kept_];
    const bool known_file =
        (shown_ && shown_->path == passage.path) ||
        std::any_of(offered_.begin(), offered_.begin() + static_cast<std::ptrdiff_t>(kept_),
                    [&](const Passage& other) { return other.path == passage.path; });
    total += encoding.count(numbered(passage, kept_ + 1, tag_));
    if (!known_file) total += encoding.count(file_heading(passage.path));
    if (total > room) break;
  }
}

/// The tokens that it takes.
std::size_t Sources::show_file(std::size_t room, const tokens::Encoding& encoding) {
  const Passage nothing = {file_->path, file_->start_line, file_->end_line, ""};
  const std::size_t around =
      encoding.count(file_heading(file_->path)) + encoding.count(numbered(nothing, 1, tag_));
  if (around >= room) return 0;
  shown_ = first_lines(*file_, room - around, encoding);
  if (!shown_) return 0;
  return encoding.count(file_heading(shown_->path)) + encoding.count(numbered(*shown_, 1, tag_));
}

void Sources::leave_out_what_is_shown() {
  if (!shown_) return;
  const auto shown = [this](const Passage& passage) { return lies_within(passage, *shown_); };
  offered_.erase(std::remove_if(offered_.begin(), offered_.end(), shown), offered_.end());
}

bool Sources::choose_less() {
  if (kept_ > 0) {
    --kept_;
  } else if (shown_) {
    shown_.reset();
  } else {
    return false;
  }
  return true;
}

/// By file, files in the order of their best passage, passages in the order of their lines.
std::vector<const Passage*> Sources::in_order() const {
  std::vector<const Passage*> order;
  if (shown_) order.push_back(&*shown_);
  for (std::size_t i = 0; i < kept_; ++i) order.push_back(&offered_[i]);
  for (auto from = order.begin(); from != order.end();) {
    const std::string& path = (*from)->path;
    const auto behind = std::stable_partition(
        from, order.end(), [&path](const Passage* each) { return each->path == path; });
    std::stable_sort(from, behind, [](const Passage* a, const Passage* b) {
      return a->start_line < b->start_line;
    });
    from = behind;
  }
  return order;
}

std::string Sources::text() const {
  if (empty()) return "";
  std::string out = heading(tag_);
  std::string_view path;
  std::size_t number = 0;
  for (const Passage* passage : in_order()) {
    if (number == 0 || passage->path != path) out += file_heading(path = passage->path);
    out += numbered(*passage, ++number, tag_);
  }
  return out;
}

std::vector<Passage> Sources::kept() const {
  std::vector<Passage> passages;
  for (const Passage* passage : in_order()) passages.push_back(*passage);
  return passages;
}

std::vector<stream::DroppedPassage> Sources::dropped() const {
  std::vector<stream::DroppedPassage> dropped;
  if (file_ && (!shown_ || shown_->end_line < file_->end_line)) {
    const std::uint32_t from = shown_ ? shown_->end_line + 1 : file_->start_line;
    dropped.push_back({{file_->path, from, file_->end_line}, std::string(no_room)});
  }
  for (std::size_t i = kept_; i < offered_.size(); ++i) {
    dropped.push_back({ref(offered_[i]), std::string(no_room)});
  }
  return dropped;
}

}  // namespace weir::prompt
