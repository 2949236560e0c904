#include <cstdio>

#include "log.hpp"
#include "options.hpp"
#include "server.hpp"

int main(int argc, char** argv) {
  using namespace weir::edge;
  const auto fail = [](const weir::Error& error) {
    log(error.message + (error.hint.empty() ? "" : " " + error.hint));
    return 2;
  };
  const auto parsed = parse_options(argc, argv);
  if (!parsed) return fail(parsed.error());
  if (const auto* exit = std::get_if<ExitWith>(&*parsed)) return exit->status;
  const weir::Result<void> served = run_server(std::get<Options>(*parsed));
  return served ? 0 : fail(served.error());
}
