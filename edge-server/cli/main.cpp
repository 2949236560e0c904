#include <iostream>

#include "arguments.hpp"

int main(int argc, char** argv) {
  return weir::cli::run({argv + 1, argv + argc}, std::cin, std::cout, std::cerr);
}
