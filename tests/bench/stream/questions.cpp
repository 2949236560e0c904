#include "questions.hpp"

#include <cstdio>
#include <random>

#include "streams.hpp"

namespace weir::bench {
namespace {

constexpr std::string_view instructions =
    "You are a careful expert on the source code of one repository. Answer the user's question "
    "about "
    "it, in the language of the question, as Markdown. Begin with the answer itself. Base every "
    "claim "
    "on the passages given below and cite them by their numbers in square brackets; if they do not "
    "hold the answer, say so and do not guess. Show code only where it helps, in fenced blocks.";

}  // namespace

std::string question_text(std::uint64_t answer) {
  return "How does the client fall back to HTTP when a WebSocket does not open? (" +
         std::string(answer_marker) + std::to_string(answer) + ")";
}

std::string chat_completion(std::uint64_t answer) {
  return R"({"model":"gpt-4o","messages":[{"role":"system","content":")" +
         std::string(instructions) + R"("},{"role":"user","content":")" + question_text(answer) +
         R"("}],"stream":true,"stream_options":{"include_usage":true},"temperature":0.2})";
}

std::string weir_request(std::uint64_t answer) {
  return R"({"repo_url":"https://github.com/weir/bench","messages":[{"role":"user","content":")" +
         question_text(answer) + R"("}],"context":[]})";
}

std::string fresh_key() {
  static std::mt19937_64 random(std::random_device{}());
  char key[33];
  std::snprintf(key, sizeof key, "%016llx%016llx", static_cast<unsigned long long>(random()),
                static_cast<unsigned long long>(random()));
  return key;
}

}  // namespace weir::bench
