#include "table_writer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "weir/base/bytes.hpp"

namespace weir::training {
namespace {

constexpr float weight_most = 1023;

/// -3, -1, 1 or 3 times a step, as the numbers 0 to 3.
std::uint8_t code_of(float component, float step) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(component / (2 * step)) + 2, 0.0F, 3.0F));
}

float error_of(const Row& row, float step) {
  float sum = 0;
  for (const float component : row.vector) {
    const float written = (2 * static_cast<float>(code_of(component, step)) - 3) * step;
    sum += (component - written) * (component - written);
  }
  return sum;
}

/// The step that loses least.
float step_of(const Row& row) {
  float most = 0;
  for (const float component : row.vector) most = std::max(most, std::fabs(component));
  float best = most / 3, error = error_of(row, best);
  for (int part = 10; part < 35; ++part) {
    const float step = most * static_cast<float>(part) / 50 / 3;
    const float here = error_of(row, step);
    if (here < error) best = step, error = here;
  }
  return best;
}

void append_weights(std::vector<std::uint8_t>& out, const std::vector<float>& weights) {
  float most = 0;
  for (const float weight : weights) most = std::max(most, std::fabs(weight));
  for (const float weight : weights) {
    const auto rounded = static_cast<std::int16_t>(std::lround(weight / most * weight_most));
    store_little_endian(out, static_cast<std::uint16_t>(rounded));
  }
}

}  // namespace

std::vector<std::uint8_t> write_table(const Corpus& corpus, const std::vector<Row>& rows,
                                      std::size_t words) {
  std::vector<std::size_t> order(std::min(words, rows.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return corpus.words[a] < corpus.words[b]; });
  std::vector<std::uint8_t> out;
  for (const char c : std::string_view("WEIRWORD")) out.push_back(static_cast<std::uint8_t>(c));
  store_little_endian(out, static_cast<std::uint32_t>(order.size()));
  store_little_endian(out, static_cast<std::uint32_t>(dimensions));
  for (const std::size_t word : order) {
    out.push_back(static_cast<std::uint8_t>(corpus.words[word].size()));
  }
  for (const std::size_t word : order) {
    out.insert(out.end(), corpus.words[word].begin(), corpus.words[word].end());
  }
  // A row's step goes into its weights: only their product matters.
  std::vector<float> question_weights, text_weights;
  std::vector<std::uint8_t> vectors;
  for (const std::size_t word : order) {
    const Row& row = rows[word];
    const float step = step_of(row);
    question_weights.push_back(row.question_weight * step);
    text_weights.push_back(row.text_weight * step);
    for (std::size_t i = 0; i < dimensions; i += 4) {
      unsigned byte = 0;
      for (unsigned k = 0; k < 4; ++k) {
        byte |= static_cast<unsigned>(code_of(row.vector[i + k], step)) << (2 * k);
      }
      vectors.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  append_weights(out, question_weights);
  append_weights(out, text_weights);
  out.insert(out.end(), vectors.begin(), vectors.end());
  return out;
}

}  // namespace weir::training
