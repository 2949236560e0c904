#include "weir/provider/openai_plain_delta.hpp"

#include <utility>

#include "weir/json/scanner.hpp"

namespace weir::provider {
namespace {

/// True the first time only: of a name that comes twice the last counts, which is not the short
/// way.
bool once(bool& seen) {
  return !std::exchange(seen, true);
}

/// A chunk's text, and where it stands in the chunk, with its quotes: empty for null.
struct Content {
  std::string& text;
  std::string_view raw;
};

/// {"content": text} or null, perhaps with a role, which says nothing new.
bool read_delta(json::Scanner& scan, Content& out) {
  bool content = false;
  std::string_view name;
  if (!scan.begin_object()) return false;
  while (scan.next_member(name)) {
    if (name == "content") {
      if (!once(content)) return false;
      if (!scan.take_null() && !scan.append_string(out.text, &out.raw)) return false;
    } else if (name == "role") {
      if (!scan.skip()) return false;
    } else if (!scan.take_null()) {  // a refusal, reasoning, tool calls
      return false;
    }
  }
  return true;
}

/// {"index": 0, "delta": {...}, "finish_reason": null, "logprobs": ...}
bool read_choice(json::Scanner& scan, Content& out) {
  bool delta = false;
  bool index = false;
  std::string_view name;
  if (!scan.begin_object()) return false;
  while (scan.next_member(name)) {
    if (name == "delta") {
      if (!once(delta) || !read_delta(scan, out)) return false;
    } else if (name == "index") {
      if (!once(index) || !scan.take_zero()) return false;
    } else if (name == "logprobs" || name == "content_filter_results") {
      if (!scan.skip()) return false;
    } else if (!scan.take_null()) {
      return false;
    }
  }
  return delta;
}

/// The only choice there is.
bool read_choices(json::Scanner& scan, Content& out) {
  if (!scan.begin_array() || !scan.next_element() || !read_choice(scan, out)) return false;
  return !scan.next_element();
}

bool read_chunk(std::string_view data, Content& out) {
  json::Scanner scan(data);
  bool choices = false;
  std::string_view name;
  if (!scan.begin_object()) return false;
  while (scan.next_member(name)) {
    if (name == "choices") {
      if (!once(choices) || !read_choices(scan, out)) return false;
    } else if (name == "error" || name == "usage") {
      if (!scan.take_null()) return false;
    } else if (!scan.skip()) {
      return false;
    }
  }
  return scan.whole() && choices;
}

}  // namespace

bool PlainDeltaReader::read(std::string_view data, std::string& text) {
  if (read_like_the_last(data, text)) return true;
  text.clear();
  Content content{text, {}};
  if (!read_chunk(data, content)) return false;
  if (!content.raw.empty()) {
    const auto begin = static_cast<std::size_t>(content.raw.data() - data.data());
    before_ = data.substr(0, begin);
    behind_ = data.substr(begin + content.raw.size());
  }
  return true;
}

/// With the same bytes around it, another string in the text's place makes the same chunk with
/// another text.
bool PlainDeltaReader::read_like_the_last(std::string_view data, std::string& text) const {
  if (before_.empty() || data.size() < before_.size() + behind_.size()) return false;
  if (data.substr(0, before_.size()) != before_) return false;
  if (data.substr(data.size() - behind_.size()) != behind_) return false;
  data.remove_prefix(before_.size());
  data.remove_suffix(behind_.size());
  json::Scanner scan(data);
  return scan.append_string(text) && scan.whole();
}

}  // namespace weir::provider
