#include "metrics_text.hpp"

#include <charconv>

namespace weir::edge {
namespace {

void append_number(std::string& out, double number) {
  constexpr std::size_t digits_most = 32;
  char digits[digits_most];
  const auto end = std::to_chars(digits, digits + digits_most, number);
  out.append(digits, end.ptr);
}

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
}

std::string in_short(double number) {
  std::string text;
  append_number(text, number);
  return text;
}

}  // namespace

void MetricsText::begin(std::string_view name, std::string_view kind, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
}

void MetricsText::sample(double value, const Labels& labels) {
  line("", labels, value);
}

void MetricsText::single(std::string_view name, std::string_view kind, std::string_view help,
                         double value) {
  begin(name, kind, help);
  sample(value);
}

/// Each bucket holds those of the smaller ones, too.
void MetricsText::histogram(const relay::Histogram& histogram, const Labels& labels) {
  double count = 0;
  for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
    count += static_cast<double>(histogram.counts()[i]);
    const bool last = i == histogram.bounds().size();
    const std::string bound = last ? "+Inf" : in_short(histogram.bounds()[i]);
    Labels with_bound = labels;
    with_bound.emplace_back("le", bound);
    line("_bucket", with_bound, count);
  }
  line("_sum", labels, histogram.sum());
  line("_count", labels, count);
}

void MetricsText::line(std::string_view suffix, const Labels& labels, double value) {
  text_.append(name_).append(suffix);
  char before = '{';
  for (const auto& [label, content] : labels) {
    text_ += before;
    text_.append(label).append("=\"");
    append_escaped(text_, content);
    text_ += '"';
    before = ',';
  }
  if (!labels.empty()) text_ += '}';
  text_ += ' ';
  append_number(text_, value);
  text_ += '\n';
}

}  // namespace weir::edge
