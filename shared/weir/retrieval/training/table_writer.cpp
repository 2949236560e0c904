#include "table_writer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/base/hash.hpp"
#include "weir/retrieval/word_table.hpp"

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

/// Rounded, so that the largest is weight_most.
std::vector<std::int16_t> scaled(const std::vector<float>& weights) {
  float most = 0;
  for (const float weight : weights) most = std::max(most, std::fabs(weight));
  std::vector<std::int16_t> rounded;
  for (const float weight : weights)
    rounded.push_back(static_cast<std::int16_t>(std::lround(weight / most * weight_most)));
  return rounded;
}

using Out = std::vector<std::uint8_t>;

void append_word(Out& out, std::string_view word) {
  out.push_back(static_cast<std::uint8_t>(word.size()));
  out.insert(out.end(), word.begin(), word.end());
}

void append_vector(Out& out, const Row& row, float step) {
  for (std::size_t i = 0; i < dimensions; i += 4) {
    unsigned byte = 0;
    for (unsigned k = 0; k < 4; ++k) byte |= unsigned{code_of(row.vector[i + k], step)} << (2 * k);
    out.push_back(static_cast<std::uint8_t>(byte));
  }
}

/// `rest` is all that follows the checksum.
Out with_header(const Out& rest) {
  Out out;
  for (const char c : std::string_view("WEIRWORD")) out.push_back(static_cast<std::uint8_t>(c));
  store_little_endian(out, retrieval::WordTable::version);
  store_little_endian(out, crc32(rest));
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

}  // namespace

std::vector<std::uint8_t> write_table(const Corpus& corpus, const std::vector<Row>& rows,
                                      std::size_t words) {
  std::vector<std::size_t> order(std::min(words, rows.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return corpus.words[a] < corpus.words[b]; });
  // A row's step goes into its weights: only their product matters.
  std::vector<float> steps, question_weights, text_weights;
  for (const std::size_t word : order) {
    steps.push_back(step_of(rows[word]));
    question_weights.push_back(rows[word].question_weight * steps.back());
    text_weights.push_back(rows[word].text_weight * steps.back());
  }
  const auto in_questions = scaled(question_weights), in_texts = scaled(text_weights);
  Out index, blocks;
  constexpr std::size_t in_block = retrieval::WordTable::words_in_block;
  for (std::size_t first = 0; first < order.size(); first += in_block) {
    const std::size_t begin = blocks.size();
    for (std::size_t i = first; i < std::min(first + in_block, order.size()); ++i) {
      append_word(blocks, corpus.words[order[i]]);
      store_little_endian(blocks, static_cast<std::uint16_t>(in_questions[i]));
      store_little_endian(blocks, static_cast<std::uint16_t>(in_texts[i]));
      append_vector(blocks, rows[order[i]], steps[i]);
    }
    append_word(index, corpus.words[order[first]]);
    store_little_endian(index, static_cast<std::uint16_t>(blocks.size() - begin));
  }
  Out rest;
  store_little_endian(rest, static_cast<std::uint32_t>(order.size()));
  store_little_endian(rest, static_cast<std::uint32_t>(dimensions));
  store_little_endian(rest, static_cast<std::uint32_t>(index.size()));
  rest.insert(rest.end(), index.begin(), index.end());
  rest.insert(rest.end(), blocks.begin(), blocks.end());
  return with_header(rest);
}

}  // namespace weir::training
