#pragma once

#include <string_view>

#include "weir/base/error.hpp"

namespace weir::edge {

/// One line on stderr. Never a secret, an answer's id, a key or anything a person has asked.
void log(std::string_view line);

/// An operator's mistake, each line of it as a line of the log.
void log_error(const Error& error);

/// Writes `line`, which ends with its newline, to stderr as it is. Nobody waits for whoever reads
/// that: a line that finds no room (a reader that has stalled or gone, a full disk) is lost, and
/// the next one that finds some says how many were.
void write_log(std::string_view line);

}  // namespace weir::edge
