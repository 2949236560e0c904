#include "spec/runner/run.hpp"

namespace weir::spec {

std::vector<std::string_view> Cutter::cut(std::string_view bytes) {
  std::vector<std::string_view> pieces;
  const std::size_t before = seen_;
  seen_ += bytes.size();
  if (mode_ == Mode::every_byte) {
    for (std::size_t i = 0; i < bytes.size(); ++i) pieces.push_back(bytes.substr(i, 1));
  } else if (mode_ == Mode::once && at_ > before && at_ < seen_) {
    pieces = {bytes.substr(0, at_ - before), bytes.substr(at_ - before)};
  } else if (!bytes.empty()) {
    pieces = {bytes};
  }
  return pieces;
}

namespace {

/// What came out, step by step.
using Outputs = std::vector<std::vector<std::string>>;

Outputs feed(const Case& test, Subject& subject) {
  Outputs outputs;
  for (const Step& step : test.steps) {
    std::vector<std::string>& out = outputs.emplace_back();
    if (step.kind == Step::Kind::time) {
      subject.time(step.at, out);
    } else {
      subject.input(step.text, out);
    }
  }
  return outputs;
}

bool as_expected(const Case& test, const Outputs& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] != test.steps[i].expected) return false;
  }
  return true;
}

/// The transcript with the differences marked: "-" was expected and is missing, "+" came instead.
std::string difference(const Case& test, const Outputs& outputs) {
  std::string text;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Step& step = test.steps[i];
    text += (step.kind == Step::Kind::time ? "    @ " : "    > ") + step.text + "\n";
    const bool same = outputs[i] == step.expected;
    if (!same) {
      for (const std::string& line : step.expected) text += "  - < " + line + "\n";
    }
    for (const std::string& line : outputs[i]) text += (same ? "    < " : "  + < ") + line + "\n";
  }
  return text;
}

std::string run_once(const Case& test, const MakeSubject& make, Cutter& cutter,
                     const std::string& how) {
  const std::unique_ptr<Subject> subject = make(cutter);
  const Outputs outputs = feed(test, *subject);
  if (as_expected(test, outputs)) return {};
  return "  " + how + ":\n" + difference(test, outputs);
}

}  // namespace

std::string run_case(const Case& test, const MakeSubject& make) {
  Cutter whole;
  std::string failure = run_once(test, make, whole, "whole");
  if (!test.every_split || !failure.empty()) return failure;
  if (whole.seen() == 0) return "  \"every split\", but nothing here is bytes\n";

  for (std::size_t at = 1; at < whole.seen(); ++at) {
    Cutter cutter(Cutter::Mode::once, at);
    failure = run_once(test, make, cutter, "split at byte " + std::to_string(at));
    if (!failure.empty()) return failure;
  }
  Cutter cutter(Cutter::Mode::every_byte);
  return run_once(test, make, cutter, "byte by byte");
}

}  // namespace weir::spec
