#pragma once

#include <cstdint>
#include <string>

#include "weir/relay/answer_report.hpp"

namespace weir::edge {

/// An ended answer as a line of JSON; `unix_milliseconds` is the wall clock's time.
std::string answer_record(const relay::AnswerReport& report, std::int64_t unix_milliseconds);

/// Writes it to stderr.
void record_answer(const relay::AnswerReport& report);

}  // namespace weir::edge
