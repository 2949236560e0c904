#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::sse {

/// Appends one event: `event:`, `id:` unless 0, one `data:` line per line of `data`, a blank line.
/// `event` holds no line end.
void append_event(std::string& out, std::string_view event, std::uint64_t id,
                  std::string_view data);

/// Appends an event up to where its data begins, for data of one line: the caller appends that and
/// a blank line.
void append_event_head(std::string& out, std::string_view event, std::uint64_t id);

/// Appends a comment, which readers pass over: the keep-alive.
void append_comment(std::string& out, std::string_view text);

}  // namespace weir::sse
