#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace weir::cli {

/// `weir count [--encoding cl100k_base|o200k_base|qwen3] [--jsonl]`: prints how many tokens the
/// input is (o200k_base unless another is named). With --jsonl each input line is an object
/// {"text"} and each output line {"n","ids"}; the first bad line ends the run with its number on
/// `errors`. `arguments` are those after the word "count". Returns the exit code: 0, or 2 for bad
/// usage or input.
int run_count(std::span<const std::string> arguments, std::istream& input, std::ostream& output,
              std::ostream& errors);

}  // namespace weir::cli
