#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "weir/base/error.hpp"

namespace weir::cli {

/// `not_agreed`: what it would have cost was told, and nobody has agreed to it.
enum ExitCode : int { success = 0, failure = 1, bad_usage = 2, not_agreed = 3 };

/// Runs the subcommand that the arguments (without the program's name) call for; the exit code.
int run(const std::vector<std::string>& arguments, std::istream& input, std::ostream& output,
        std::ostream& errors);

/// Says what happened and what to do about it.
void print(std::ostream& errors, const Error& error);

}  // namespace weir::cli
