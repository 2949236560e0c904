#include <csignal>
#include <cstdio>
#include <string_view>

#include "log.hpp"
#include "options.hpp"
#include "server.hpp"
#include "setup.hpp"

namespace {

using namespace weir::edge;

constexpr int wrong_usage = 2;

int fail(const weir::Error& error) {
  log_error(error);
  return wrong_usage;
}

int say_right(const Options& options) {
  std::printf("%s is right\n",
              options.config.empty() ? "the configuration" : options.config.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // whoever reads stdout or stderr may go
  const auto parsed = parse_options(argc, argv);
  if (!parsed) return fail(parsed.error());
  if (const auto* exit = std::get_if<ExitWith>(&*parsed)) return exit->status;
  const Options& options = std::get<Options>(*parsed);
  if (options.check_only) {
    const weir::Result<void> checked = check_setup(options);
    return checked ? say_right(options) : fail(checked.error());
  }
  const auto reread = [&]() -> weir::Result<Options> {
    auto again = parse_options(argc, argv);
    if (!again) return again.error();
    return std::get<Options>(*std::move(again));
  };
  const weir::Result<void> served = run_server(options, reread);
  return served ? 0 : fail(served.error());
}
