// Runs the transcripts: spec [file.md...]. Without arguments it runs those built into it.
#include <cstdio>
#include <string>
#include <vector>

#include "spec/runner/document.hpp"
#include "spec/runner/embedded.hpp"
#include "spec/runner/registry.hpp"
#include "spec/runner/run.hpp"

namespace weir::spec {
namespace {

struct Tally {
  int passed = 0;
  int failed = 0;
};

void fail(Tally& tally, const std::string& text) {
  ++tally.failed;
  std::printf("%s\n", text.c_str());
}

void run_document(const Document& document, Tally& tally) {
  for (const std::string& problem : document.problems) fail(tally, problem);
  const auto make = [&document](Cutter& cutter) { return make_subject(document.subject, cutter); };
  Cutter probe;
  if (!make(probe)) return fail(tally, document.name + ": no subject \"" + document.subject + "\"");
  for (const Case& test : document.cases) {
    const std::string failure = run_case(test, make);
    if (failure.empty()) {
      ++tally.passed;
      continue;
    }
    fail(tally, document.name + ":" + std::to_string(test.line) + ": FAILED " + test.title + "\n" +
                    failure + "  replay: spec " + document.name + "\n");
  }
}

bool read_file(const char* path, std::string& text) {
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return false;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, n);
  }
  return std::fclose(file) == 0;
}

int run(const std::vector<const char*>& paths) {
  Tally tally;
  for (const char* path : paths) {
    std::string text;
    if (!read_file(path, text)) {
      fail(tally, std::string(path) + ": cannot be read");
      continue;
    }
    run_document(read_document(path, text), tally);
  }
  if (paths.empty()) {
    for (const EmbeddedFile& file : embedded_files()) {
      run_document(read_document(std::string(file.name), file.text), tally);
    }
  }
  std::printf("%d transcripts passed, %d failed\n", tally.passed, tally.failed);
  return tally.failed == 0 && tally.passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace weir::spec

int main(int argc, char** argv) {
  return weir::spec::run(std::vector<const char*>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
