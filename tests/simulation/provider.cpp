#include "simulation/provider.hpp"

#include <cstdlib>
#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/json/json.hpp"

namespace weir::simulation {

namespace {

constexpr std::string_view mark = "zq";

std::string as_json(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

std::string chunk(const std::string& delta, const std::string& finish_reason) {
  return R"(data: {"choices":[{"index":0,"delta":)" + delta + R"(,"finish_reason":)" +
         finish_reason + "}]}\n\n";
}

/// Adds one event to the truth and returns the bytes that say it.
std::string say_something(World& world, int question, std::size_t i, Script& script) {
  constexpr std::string_view words[] = {"weir", "fließt", "水", "🌊", "\n", "\"", "\\n\r"};
  std::string text = std::to_string(question) + "." + std::to_string(i) + " ";
  text += words[world.below(std::size(words))];
  if (world.random.one_in(30)) text += std::string(world.below(3000), 'x');
  switch (world.below(12)) {
    case 0:
      script.reasoning += text;
      return chunk(R"({"reasoning_content":)" + as_json(text) + "}", "null");
    case 1: {
      script.tool_calls.push_back({static_cast<std::uint32_t>(i), "id", "find", text});
      return chunk(R"({"tool_calls":[{"index":)" + std::to_string(i) +
                       R"(,"id":"id","function":{"name":"find","arguments":)" + as_json(text) +
                       "}}]}",
                   "null");
    }
    case 2:
      return ": keep-alive\n\n";
    default:
      script.text += text;
      return chunk(R"({"content":)" + as_json(text) + "}", "null");
  }
}

std::string finish(World& world, Script& script) {
  std::string bytes = chunk("{}", "\"stop\"");
  if (world.random.one_in(2)) {
    script.usage = stream::Usage{7, 11};
    bytes += R"(data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":11}})";
    bytes += "\n\n";
  }
  script.whole = true;
  return bytes + "data: [DONE]\n\n";
}

std::string failure(World& world, Script& script) {
  switch (world.below(5)) {
    case 0:
      script.end = Script::End::breaks;
      return {};
    case 1:
      script.end = Script::End::hangs;
      return {};
    case 2:
      script.end = Script::End::refuses;
      script.pieces.clear();
      return {};
    case 3:
      script.status = 429;
      script.pieces.clear();
      return R"({"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}})";
    default:
      return "data: {\"error\":{\"message\":\"Overloaded.\",\"type\":\"server_error\"}}\n\n";
  }
}

/// Bytes, and after how many of them there is how much text.
struct Stream {
  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> texts;

  void add(const std::string& more, const Script& script) {
    bytes += more;
    texts.emplace_back(bytes.size(), script.text.size());
  }
  std::size_t text_within(std::size_t length) const {
    std::size_t text = 0;
    for (const auto& [end, so_far] : texts) {
      if (end <= length) text = so_far;
    }
    return text;
  }
};

void split(World& world, const Stream& stream, Script& script) {
  const std::string& bytes = stream.bytes;
  const Duration pace = Duration(world.random.below(world.random.one_in(6) ? 20'000'000 : 300'000));
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t most = world.random.one_in(3) ? 10 : 2000;
    const std::size_t size = std::min(bytes.size() - at, 1 + world.below(most));
    const bool pauses = world.random.one_in(3);
    script.pieces.push_back({pauses ? world.delay(pace) : Duration(0), bytes.substr(at, size),
                             stream.text_within(at + size)});
    at += size;
  }
}

/// Never more than there are calls: the last one is the script's. One that says nothing is the
/// first: it takes most of the time there is for all calls, unless another one overtakes it.
std::vector<Stumble> draw_stumbles(World& world, const Policy& policy) {
  constexpr std::size_t ways = 3;
  std::vector<Stumble> stumbles;
  const std::size_t most =
      limits::Recovery{}.retries + (policy.stand_in && policy.hedge == 0s ? 1 : 0);
  for (std::size_t i = world.below(most); i < most; ++i) {
    stumbles.push_back(static_cast<Stumble>(world.below(ways)));
  }
  if (policy.hedge > 0s && world.random.one_in(2)) stumbles.front() = Stumble::says_nothing;
  return stumbles;
}

}  // namespace

Script Script::draw(World& world, int question) {
  Script script;
  Stream stream;
  const std::size_t events = world.below(world.random.one_in(4) ? 120 : 25);
  for (std::size_t i = 0; i < events; ++i) {
    stream.add(say_something(world, question, i, script), script);
  }
  const std::string last = world.random.one_in(4) ? failure(world, script) : finish(world, script);
  if (script.end == End::refuses || script.status != 200) {
    stream = {};
    script.text.clear();
    script.reasoning.clear();
    script.tool_calls.clear();
  }
  stream.add(last, script);
  split(world, stream, script);
  return script;
}

Policy Policy::draw(World& world) {
  Policy policy;
  policy.stand_in = world.random.one_in(2);
  if (world.random.one_in(4)) policy.running = 1 + world.below(2);
  if (policy.stand_in && world.random.one_in(2)) policy.hedge = 1s + world.delay(10s);
  return policy;
}

std::size_t Policy::calls_most() const {
  const std::size_t at_each = limits::Recovery{}.retries + 1;
  return (stand_in ? 2 * at_each : at_each) + (hedge > 0s ? 1 : 0);
}

Question draw_question(World& world, const Policy& policy, int number) {
  Question question;
  question.number = number;
  question.key = world.fresh_id();
  const std::string text = std::string(mark) + std::to_string(number) + " Why does water flow?";
  question.request =
      R"({"repo_url":"https://example.org/r","messages":[{"role":"user","content":)" +
      as_json(text) + R"(}],"provider":"openai")" +
      (world.random.one_in(3) ? "}" : R"(,"context":[]})");
  if (world.random.one_in(5)) question.stumbles = draw_stumbles(world, policy);
  question.script = Script::draw(world, number);
  return question;
}

int question_in(const std::string& body) {
  const std::size_t at = body.find(mark);
  return at == std::string::npos ? 0 : std::atoi(body.c_str() + at + mark.size());
}

}  // namespace weir::simulation
