#include "answer_record.hpp"

#include <chrono>
#include <ctime>

#include "log.hpp"
#include "weir/json/json.hpp"

namespace weir::edge {
namespace {

std::int64_t milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

/// RFC 3339, in UTC.
std::string time_text(std::int64_t unix_milliseconds) {
  constexpr std::size_t bytes = sizeof "2026-01-02T03:04:05";
  const auto seconds = static_cast<std::time_t>(unix_milliseconds / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[bytes];
  std::strftime(text, bytes, "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string fraction = std::to_string(1000 + unix_milliseconds % 1000).substr(1);
  return std::string(text) + "." + fraction + "Z";
}

}  // namespace

std::string answer_record(const relay::AnswerReport& report, std::int64_t unix_milliseconds) {
  json::Value record = {{"time", time_text(unix_milliseconds)},
                        {"event", "answer"},
                        {"outcome", report.outcome},
                        {"provider", report.provider},
                        {"model", report.model}};
  if (report.trace.id != Id128()) record["trace_id"] = to_hex(report.trace.id);
  record["prompt_tokens"] = report.prompt_tokens;
  if (report.usage) {
    record["input_tokens"] = report.usage->prompt;
    record["output_tokens"] = report.usage->completion;
  }
  if (report.price) {
    record["price_micros"] = report.price->micros;
    record["currency"] = report.price->currency;
  }
  record["calls"] = report.calls;
  if (report.reused != stream::Reused::no) record["reused"] = name(report.reused);
  record["waited_ms"] = milliseconds(report.waited);
  if (report.first) record["first_ms"] = milliseconds(*report.first);
  record["duration_ms"] = milliseconds(report.whole);
  return json::write(record);
}

void record_answer(const relay::AnswerReport& report) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string line =
      answer_record(report, std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) +
      "\n";
  write_log(line);
}

}  // namespace weir::edge
