// Counts natively for run.mjs. Each line of stdin names a file of texts, every one ended by a zero
// byte; each line of stdout is what counting them took: the tokens, and nanoseconds of the CPU.
//   token_counts <encoding>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "support/vocabularies.hpp"

namespace {

std::vector<std::string> texts_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> texts;
  for (std::string text; std::getline(file, text, '\0');) texts.push_back(text);
  return texts;
}

std::int64_t cpu_nanoseconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

int main(int argc, char** argv) {
  const auto name = weir::tokens::encoding_name(argc == 2 ? argv[1] : "");
  if (!name) {
    std::fputs("use: token_counts cl100k_base|o200k_base|qwen3\n", stderr);
    return 2;
  }
  const weir::tokens::Encoding& encoding = weir::tokens::embedded_encoding(*name);
  for (std::string path; std::getline(std::cin, path);) {
    const std::vector<std::string> texts = texts_in(path);
    std::size_t tokens = 0;
    const std::int64_t before = cpu_nanoseconds();
    for (const std::string& text : texts) tokens += encoding.count(text);
    const std::int64_t taken = cpu_nanoseconds() - before;
    std::cout << tokens << ' ' << taken << std::endl;
  }
}
