#include "measurement.hpp"

#include <unistd.h>

#include <algorithm>

#include "fields.hpp"

namespace weir::bench {
namespace {

constexpr Nanoseconds patience = 30 * second;  ///< for all streams to begin, and to end

double share(Nanoseconds part, Nanoseconds whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Measurement::Measurement(const Settings& settings)
    : settings_(settings),
      streams_(settings.streams),
      provider_(poller_, streams_, settings.plan, settings.provider_port),
      readers_(poller_, streams_, settings.readers) {}

Measurement::Mark Measurement::mark() {
  const Seen& seen = readers_.seen();
  return {.at = now(),
          .proxy_cpu = cpu_time(settings_.proxy),
          .load_cpu = cpu_time({getpid()}),
          .proxy_core = core_time(settings_.proxy_core),
          .load_core = core_time(settings_.load_core),
          .deltas = seen.deltas,
          .answers = seen.answers,
          .bytes = readers_.stream_bytes(),
          .connections = provider_.connections()};
}

void Measurement::turn(Nanoseconds until) {
  poller_.wait(std::min(until, provider_.next_due()));
  provider_.run_due();
}

void Measurement::turn_for(Nanoseconds time) {
  for (const Nanoseconds end = now() + time; now() < end;) turn(end);
}

void Measurement::start_streams() {
  const auto pause =
      static_cast<Nanoseconds>(static_cast<double>(second) / settings_.starts_per_second);
  for (Nanoseconds due = now(); readers_.started() < settings_.streams; due += pause) {
    turn_for(due - now());
    readers_.start_next();
  }
  const Nanoseconds end = now() + patience;
  while (readers_.begun() < settings_.streams && readers_.seen().failures == 0) {
    turn(end);
    if (now() < end) continue;
    trouble_ = std::to_string(settings_.streams - readers_.begun()) + " streams did not begin";
    return;
  }
}

void Measurement::end_streams() {
  provider_.finish();
  readers_.finish();
  const Nanoseconds end = now() + patience;
  while (readers_.running() > 0 && now() < end) turn(end);
  if (readers_.running() > 0 && trouble_.empty()) {
    trouble_ = std::to_string(readers_.running()) + " streams did not end";
  }
}

std::string Measurement::run() {
  const std::int64_t idle_kb = resident_kb(settings_.proxy);
  start_streams();
  turn_for(settings_.settle);
  readers_.seen().delta_latency = Histogram();
  if (settings_.readers.again) readers_.seen().first_delta = Histogram();
  provider_.take_lateness();
  const Mark from = mark();
  turn_for(settings_.window);
  const Mark to = mark();
  const std::int64_t live_kb = resident_kb(settings_.proxy);
  return figures(from, to, idle_kb, live_kb);
}

std::string Measurement::figures(const Mark& from, const Mark& to, std::int64_t idle_kb,
                                 std::int64_t live_kb) {
  const Nanoseconds wall = to.at - from.at;
  const auto seconds = [](Nanoseconds time) { return share(time, second); };
  Fields fields;
  fields.number("streams", static_cast<double>(settings_.streams));
  fields.number("seconds", seconds(wall));
  fields.number("deltas", static_cast<double>(to.deltas - from.deltas));
  fields.number("answers", static_cast<double>(to.answers - from.answers));
  fields.number("bytes", static_cast<double>(to.bytes - from.bytes));
  fields.number("provider_connections", static_cast<double>(to.connections - from.connections));
  fields.number("proxy_cpu_seconds", seconds(to.proxy_cpu - from.proxy_cpu));
  fields.number("load_cpu_share", share(to.load_cpu - from.load_cpu, wall));
  const auto others = [&](const CoreTime& before, const CoreTime& after, Nanoseconds own) {
    return 1 - share(after.idle - before.idle + own, wall);
  };
  fields.number("others_on_proxy_core",
                others(from.proxy_core, to.proxy_core, to.proxy_cpu - from.proxy_cpu));
  fields.number("others_on_load_core",
                others(from.load_core, to.load_core, to.load_cpu - from.load_cpu));
  fields.number("stolen", share(to.proxy_core.stolen - from.proxy_core.stolen +
                                    to.load_core.stolen - from.load_core.stolen,
                                wall));
  fields.number("idle_kb", static_cast<double>(idle_kb));
  fields.number("live_kb", static_cast<double>(live_kb));
  fields.percentiles("late", provider_.take_lateness());
  fields.percentiles("delta", readers_.seen().delta_latency);
  fields.percentiles("first", readers_.seen().first_delta);
  end_streams();  // from here on nothing is measured; failures still count
  const Seen& seen = readers_.seen();
  fields.percentiles("cut_known", seen.cut_known);
  fields.number("cuts", static_cast<double>(seen.cut_known.count()));
  fields.number("typed_cuts", static_cast<double>(seen.typed_cuts));
  fields.number("failures", static_cast<double>(seen.failures));
  fields.text("trouble", trouble_.empty() ? seen.first_failure : trouble_);
  return fields.object();
}

}  // namespace weir::bench
