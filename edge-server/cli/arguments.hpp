#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "weir/base/error.hpp"

namespace weir::cli {

enum ExitCode : int { success = 0, failure = 1, bad_usage = 2 };

/// Runs the subcommand that the arguments (without the program's name) call for; the exit code.
int run(const std::vector<std::string>& arguments, std::istream& input, std::ostream& output,
        std::ostream& errors);

/// Says what happened and what to do about it.
void print(std::ostream& errors, const Error& error);

}  // namespace weir::cli
