#include "weir/provider/openai_plain_chunk.hpp"

#include <cstdint>
#include <utility>

#include "weir/json/scanner.hpp"

namespace weir::provider {
namespace {

/// True the first time only: of a name that comes twice the last counts, which is not the short
/// way.
bool once(bool& seen) {
  return !std::exchange(seen, true);
}

/// The full reading takes a text of another type, null above all, for none.
bool read_text(json::Scanner& scan, bool& seen, std::string& out, std::string_view* raw = nullptr) {
  return once(seen) && (scan.take_null() || scan.append_string(out, raw));
}

/// One chunk. Every function is false where the chunk is to be read in full; what nobody reads
/// there is passed over here.
class Reader {
 public:
  Reader(std::string_view data, PlainChunk& out) : scan_(data), out_(out) {}

  /// The chunk begins with a preamble() of so many bytes.
  bool read(std::size_t known_preamble) {
    if (!scan_.begin_object()) return false;
    if (known_preamble > 0) {
      scan_.go_on_at(known_preamble);
      if (!read_member("choices")) return false;
    }
    std::string_view name;
    while (scan_.next_member(name)) {
      if (!read_member(name)) return false;
    }
    return scan_.whole();
  }

  /// How many bytes stand before the choices, if nothing in them counts; otherwise 0.
  std::size_t preamble() const { return preamble_; }
  /// Where the text stands in the chunk, with its quotes; empty where there is none.
  std::string_view raw_text() const { return raw_text_; }

 private:
  bool read_member(std::string_view name) {
    if (name == "choices") {
      if (!counted_) preamble_ = scan_.place();
      return once(choices_) && read_choices();
    }
    if (name == "usage") {
      counted_ = true;
      return once(usage_) && read_usage();
    }
    if (name != "error") return scan_.skip();
    counted_ = true;
    return scan_.take_null();
  }

  /// One at most: [{"index": 0, "delta": {...}, "finish_reason": null, ...}]
  bool read_choices() {
    if (scan_.take_null()) return true;
    if (!scan_.begin_array()) return false;
    if (!scan_.next_element()) return true;
    return read_choice() && !scan_.next_element();
  }

  bool read_choice() {
    bool delta = false;
    bool index = false;
    bool reason = false;
    std::string_view name;
    if (!scan_.begin_object()) return false;
    while (scan_.next_member(name)) {
      if (name == "delta") {
        if (!once(delta) || !read_delta()) return false;
      } else if (name == "index") {
        std::uint64_t number = 0;
        if (!once(index) || !scan_.take_whole_number(number) || number != 0) return false;
      } else if (name == "finish_reason") {
        if (!read_text(scan_, reason, out_.finish_reason)) return false;
      } else if (name == "message" ? !scan_.take_null() : !scan_.skip()) {
        return false;
      }
    }
    return out_.finish_reason != "error";
  }

  bool read_delta() {
    bool content = false;
    std::string_view name;
    if (!scan_.begin_object()) return false;
    while (scan_.next_member(name)) {
      const bool means_more = name == "refusal" || name == "reasoning_content" ||
                              name == "reasoning" || name == "tool_calls";
      if (name == "content") {
        if (!read_text(scan_, content, out_.text, &raw_text_)) return false;
      } else if (means_more ? !scan_.take_null() : !scan_.skip()) {
        return false;
      }
    }
    return true;
  }

  bool read_usage() {
    bool prompt = false;
    bool completion = false;
    std::string_view name;
    if (scan_.take_null()) return true;
    if (!scan_.begin_object()) return false;
    out_.usage.emplace();
    while (scan_.next_member(name)) {
      if (name == "prompt_tokens") {
        if (!once(prompt) || !read_count(out_.usage->prompt)) return false;
      } else if (name == "completion_tokens") {
        if (!once(completion) || !read_count(out_.usage->completion)) return false;
      } else if (!scan_.skip()) {
        return false;
      }
    }
    return true;
  }

  bool read_count(std::uint32_t& out) {
    std::uint64_t number = 0;
    if (!scan_.take_whole_number(number) || number > UINT32_MAX) return false;
    out = static_cast<std::uint32_t>(number);
    return true;
  }

  json::Scanner scan_;
  PlainChunk& out_;
  std::string_view raw_text_;
  std::size_t preamble_ = 0;
  bool counted_ = false;  ///< a member came that counts, other than the choices
  bool choices_ = false;
  bool usage_ = false;
};

}  // namespace

std::optional<PlainChunk> PlainChunkReader::read(std::string_view data) {
  std::optional<PlainChunk> chunk(std::in_place);
  if (read_like_the_last(data, chunk->text)) return chunk;
  chunk->text.clear();
  Reader reader(data, *chunk);
  if (!reader.read(begins_like_the_last(data, preamble_) ? preamble_ : 0)) return std::nullopt;
  const bool text_alone = !chunk->text.empty() && chunk->finish_reason.empty() && !chunk->usage;
  if (text_alone || preamble_ == 0) {
    last_ = data;
    preamble_ = reader.preamble();
    before_ = behind_ = 0;
  }
  if (text_alone) {
    before_ = static_cast<std::size_t>(reader.raw_text().data() - data.data());
    behind_ = data.size() - before_ - reader.raw_text().size();
  }
  return chunk;
}

bool PlainChunkReader::begins_like_the_last(std::string_view data, std::size_t bytes) const {
  return data.size() >= bytes && data.substr(0, bytes) == std::string_view(last_).substr(0, bytes);
}

/// With the same bytes around it, another string in the text's place makes the same chunk with
/// another text.
bool PlainChunkReader::read_like_the_last(std::string_view data, std::string& text) const {
  const std::string_view last = last_;
  if (before_ == 0 || data.size() < before_ + behind_) return false;
  if (!begins_like_the_last(data, before_)) return false;
  if (data.substr(data.size() - behind_) != last.substr(last.size() - behind_)) return false;
  json::Scanner scan(data.substr(before_, data.size() - before_ - behind_));
  return scan.append_string(text) && scan.whole();
}

}  // namespace weir::provider
