#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/relay/histogram.hpp"

namespace weir::edge {

/// Writes figures in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
class MetricsText {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  /// Begins a metric: its samples follow at once. `kind`: "counter", "gauge" or "histogram".
  void begin(std::string_view name, std::string_view kind, std::string_view help);
  void sample(double value, const Labels& labels = {});
  void histogram(const relay::Histogram& histogram, const Labels& labels);
  /// A metric of one sample.
  void single(std::string_view name, std::string_view kind, std::string_view help, double value);

  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view suffix, const Labels& labels, double value);

  std::string text_;
  std::string name_;
};

}  // namespace weir::edge
