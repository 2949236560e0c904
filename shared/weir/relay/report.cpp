#include <algorithm>
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

std::uint32_t milliseconds(Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, UINT32_MAX));
}

/// Prices are of a million tokens, and what is paid is counted in millionths.
std::optional<stream::Price> price_of(const Run& run) {
  if (!run.model.price || !run.usage) return std::nullopt;
  const provider::TokenPrice& price = *run.model.price;
  const double micros = price.input * run.usage->prompt + price.output * run.usage->completion;
  return stream::Price{static_cast<std::uint64_t>(micros + 0.5), price.currency};
}

}  // namespace

CallClock Relay::Core::clock_call(const provider::Provider& provider,
                                  const provider::Model& model) {
  return {&meters_.calls.of("chat", provider, model), now_, now_, false};
}

/// Each call is a span of its own within the asker's trace.
OpenProvider Relay::Core::to_open(const Run& run, RunId id, provider::HttpRequest&& request) {
  if (run.client.trace.id != Id128()) {
    const std::uint64_t span = random_.next() | 1;  // 0 names none
    request.headers.push_back({"traceparent", wire::write_traceparent(run.client.trace, span)});
  }
  return {id, std::move(request)};
}

/// To those who asked: where the time went, and what it cost.
void Relay::Core::account_for(const Answer& answer, stream::Done& done) const {
  const Run& run = *answer.run;
  if (run.local) return;
  done.timing = stream::Timing{
      milliseconds(run.retrieved),
      milliseconds(run.waited),
      milliseconds(run.connecting),
      milliseconds(run.first_took),
      run.first_at ? milliseconds(now_ - *run.first_at) : 0,
      milliseconds(now_ - answer.askers.front()->asked),
      run.calls,
  };
  done.price = price_of(run);
}

/// The answer's last event stands in its log, and its run is still there.
void Relay::Core::report_end(Answer& answer) {
  Run& run = *answer.run;
  const std::string_view outcome = outcome_of(answer.log.back());
  run.call.end(outcome == "done" ? "" : outcome, now_);
  for (const Asker* asker : answer.askers) {
    report(*asker, run, outcome, asker == answer.askers.front());
  }
}

/// Of those who share a run, one `pays` for it: its calls are counted once.
void Relay::Core::report(const Asker& asker, const Run& run, std::string_view outcome, bool pays) {
  Meters::count(meters_.ended, outcome);
  if (!config_.on_ended) return;
  AnswerReport report;
  report.outcome = outcome;
  report.reused = asker.reused;
  report.provider = run.provider->name;
  report.model = CallFigures::shown_name(*run.provider, run.model);
  report.trace = asker.client.trace;
  report.prompt_tokens = run.tries.prompt_tokens;
  if (pays) {
    report.usage = run.usage;
    report.price = price_of(run);
    report.calls = run.calls;
    report.waited = run.queued ? now_ - *run.queued : run.waited;
  }
  if (run.first_at) report.first = std::max(*run.first_at - asker.asked, Duration(0));
  report.whole = now_ - asker.asked;
  config_.on_ended(report);
}

}  // namespace weir::relay
