#include <iostream>

#include "arguments.hpp"

int main(int argc, char** argv) {
  using namespace weir::cli;
  const int status = run({argv + 1, argv + argc}, std::cin, std::cout, std::cerr);
  if (std::cout.flush()) return status;
  print(std::cerr, {weir::ErrorCode::internal, "The output could not be written.",
                    "Check that there is room where it goes."});
  return failure;
}
