#include <string>
#include <utility>
#include <variant>

#include "weir/relay/core.hpp"

/// What is written down of calls and answers, for those who run the edge.
namespace weir::relay {
namespace {

std::string_view outcome_of(const stream::Entry& last) {
  const auto* failed = std::get_if<stream::Failed>(&last.event);
  return failed ? name(failed->error.code) : "done";
}

}  // namespace

CallClock Relay::Core::clock_call(const provider::Provider& provider,
                                  const provider::Model& model) {
  return {&meters_.calls.of(provider, model), now_, now_, false};
}

/// Each call is a span of its own within the asker's trace.
OpenProvider Relay::Core::to_open(const Run& run, RunId id, provider::HttpRequest&& request) {
  if (run.client.trace.id != Id128()) {
    const std::uint64_t span = random_.next() | 1;  // 0 names none
    request.headers.push_back({"traceparent", wire::write_traceparent(run.client.trace, span)});
  }
  return {id, std::move(request)};
}

/// The answer's last event stands in its log, and its run is still there.
void Relay::Core::report_end(Answer& answer) {
  Run& run = *answer.run;
  const std::string_view outcome = outcome_of(answer.log.back());
  run.call.end(outcome == "done" ? "" : outcome, now_);
  Meters::count(meters_.ended, outcome);
  if (!config_.on_ended) return;
  AnswerReport report;
  report.outcome = outcome;
  report.provider = run.provider->name;
  report.model = CallFigures::shown_name(*run.provider, run.model);
  report.trace = run.client.trace;
  report.prompt_tokens = run.tries.prompt_tokens;
  report.usage = run.usage;
  report.calls = run.calls;
  report.waited = run.queued ? now_ - *run.queued : run.waited;
  if (run.first_at) report.first = *run.first_at - run.asked;
  report.whole = now_ - run.asked;
  config_.on_ended(report);
}

}  // namespace weir::relay
