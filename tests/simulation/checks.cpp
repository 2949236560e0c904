#include "simulation/checks.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace weir::simulation {

namespace {

bool is_prefix(std::string_view part, std::string_view whole) {
  return whole.substr(0, part.size()) == part;
}

bool is_prefix(const std::vector<stream::ToolCall>& part,
               const std::vector<stream::ToolCall>& whole) {
  if (part.size() > whole.size()) return false;
  return std::equal(part.begin(), part.end(), whole.begin());
}

std::string question_name(const Reader& reader) {
  return "a reader of question " + std::to_string(reader.question->number);
}

/// A reader who began at the beginning and met no gap saw what was sent, from the first byte on.
void check_order(World& world, const Reader& reader) {
  const Script& script = reader.question->script;
  const auto expect = [&](bool holds, const char* what) {
    if (!holds) world.fail(question_name(reader) + " " + what);
  };
  const std::size_t from = std::min(reader.text_from, script.text.size());
  expect(is_prefix(reader.text, std::string_view(script.text).substr(from)),
         "saw other text than was sent");
  if (reader.text_from != 0 || !reader.asked) return;
  expect(is_prefix(reader.reasoning, script.reasoning), "saw other reasoning than was sent");
  expect(is_prefix(reader.tool_calls, script.tool_calls), "saw other tool calls than were sent");
  expect(reader.accepted <= 1, "was accepted twice");
}

void check_whole(World& world, const Reader& reader) {
  const Script& script = reader.question->script;
  const auto expect = [&](bool holds, const char* what) {
    if (!holds) world.fail(question_name(reader) + " is done and " + what);
  };
  expect(script.whole, "the provider was not");
  expect(reader.text.size() + reader.text_from == script.text.size(), "lacks text");
  if (!reader.asked) return;
  expect(reader.reasoning == script.reasoning, "lacks reasoning");
  expect(reader.tool_calls == script.tool_calls, "lacks tool calls");
  expect(reader.usage == script.usage, "lacks the usage");
  expect(reader.accepted == 1, "was not accepted");
}

}  // namespace

void check_reader(World& world, const Reader& reader, bool whole) {
  if (reader.unreachable) {
    if (whole) world.fail(question_name(reader) + " was handed back, in calm weather");
    return;
  }
  if (!reader.gap) check_order(world, reader);
  const bool done = std::holds_alternative<stream::Done>(*reader.end);
  if (done && !reader.gap) check_whole(world, reader);
  if (whole && done != reader.question->script.whole) {
    world.fail(question_name(reader) + " saw another end than the provider's, in calm weather");
  }
}

void check_lag(World& world, const Reader& reader, Duration most) {
  if (!reader.gap && reader.lag > most) world.fail(question_name(reader) + " saw text too late");
}

void check_edge_is_empty(World& world, const relay::Figures& figures) {
  const auto expect_none = [&world](std::size_t count, const char* what) {
    if (count != 0) world.fail(std::to_string(count) + " " + what + " left at the edge");
  };
  expect_none(figures.readers, "readers");
  expect_none(figures.running, "runs");
  expect_none(figures.answers, "answers");
  expect_none(figures.log_bytes, "bytes of logs");
}

}  // namespace weir::simulation
