#pragma once

#include <iosfwd>
#include <string>

namespace weir::cli {

struct InspectCommand {
  std::string pack;
};

/// Prints a pack's header, sections and description.
int run_inspect(const InspectCommand& command, std::ostream& output, std::ostream& errors);

}  // namespace weir::cli
