#include "metrics_text.hpp"

#include <gtest/gtest.h>

#include <array>

#include "answer_record.hpp"

namespace weir::edge {
namespace {

TEST(MetricsText, WritesSamplesAndEscapesTheirLabels) {
  MetricsText text;
  text.begin("m", "counter", "What it is.");
  text.sample(1234567890123, {{"a", "1\"2\\3\n4"}, {"b", ""}});
  text.single("n", "gauge", "Another.", 0.5);
  EXPECT_EQ(
      text.take(),
      "# HELP m What it is.\n# TYPE m counter\nm{a=\"1\\\"2\\\\3\\n4\",b=\"\"} 1234567890123\n"
      "# HELP n Another.\n# TYPE n gauge\nn 0.5\n");
}

TEST(MetricsText, WritesHistogramsThatAddUp) {
  static constexpr std::array<double, 2> bounds = {0.5, 2};
  relay::Histogram histogram{bounds};
  for (const double value : {0.25, 0.5, 1.0, 4.0}) histogram.observe(value);
  MetricsText text;
  text.begin("h", "histogram", "Sizes.");
  text.histogram(histogram, {{"of", "x"}});
  EXPECT_EQ(text.take(),
            "# HELP h Sizes.\n# TYPE h histogram\n"
            "h_bucket{of=\"x\",le=\"0.5\"} 2\nh_bucket{of=\"x\",le=\"2\"} 3\n"
            "h_bucket{of=\"x\",le=\"+Inf\"} 4\nh_sum{of=\"x\"} 5.75\nh_count{of=\"x\"} 4\n");
}

TEST(AnswerRecord, IsALineOfJson) {
  relay::AnswerReport report;
  report.outcome = "done";
  report.provider = "openai";
  report.model = "gpt-4o";
  report.usage = stream::Usage{11, 7};
  report.calls = 1;
  report.first = 20ms;
  report.whole = 1500ms;
  EXPECT_EQ(answer_record(report, 1'767'323'045'006),
            R"({"time":"2026-01-02T03:04:05.006Z","event":"answer","outcome":"done",)"
            R"("provider":"openai","model":"gpt-4o","prompt_tokens":0,"input_tokens":11,)"
            R"("output_tokens":7,"calls":1,"waited_ms":0,"first_ms":20,"duration_ms":1500})");
  report.outcome = "cancelled";
  report.usage.reset();
  report.first.reset();
  report.trace.id.bytes.fill(0xab);
  EXPECT_EQ(answer_record(report, 0).find("first_ms"), std::string::npos);
  EXPECT_NE(answer_record(report, 0).find(R"("trace_id":"abababab)"), std::string::npos);
}

}  // namespace
}  // namespace weir::edge
