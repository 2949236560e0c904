#pragma once

#include <cstdio>
#include <string>

#include "clock.hpp"
#include "histogram.hpp"

namespace weir::bench {

/// Writes a JSON object of numbers and texts.
class Fields {
 public:
  void number(const char* name, double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", value);
    member(name, text);
  }

  void percentiles(const std::string& name, const Histogram& histogram) {
    if (histogram.count() == 0) return;
    const auto microseconds = [&](double part) {
      return static_cast<double>(histogram.percentile(part)) / microsecond;
    };
    number((name + "_p50").c_str(), microseconds(0.5));
    number((name + "_p99").c_str(), microseconds(0.99));
    number((name + "_max").c_str(), microseconds(1));
  }

  void text(const char* name, const std::string& value) {
    std::string quoted = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c < ' ' ? ' ' : c;
    }
    member(name, quoted + '"');
  }

  std::string object() const { return "{" + text_ + "}"; }

 private:
  void member(const char* name, const std::string& value) {
    if (!text_.empty()) text_ += ", ";
    text_.append("\"").append(name).append("\": ").append(value);
  }

  std::string text_;
};

}  // namespace weir::bench
