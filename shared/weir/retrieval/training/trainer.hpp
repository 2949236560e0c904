#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "corpus.hpp"

namespace weir::training {

constexpr std::size_t dimensions = 128;

/// A word's vector, and its weights in questions and in texts.
struct Row {
  float vector[dimensions];
  float question_weight;
  float text_weight;
};
constexpr std::size_t row_size = dimensions + 2;
static_assert(sizeof(Row) == row_size * sizeof(float));

struct Schedule {
  std::size_t batch = 512;
  double epochs = 5;
  double rate = 0.02;  ///< falls to 0
  unsigned seed = 1;
};

/// Learns rows under which a sentence is nearer to its own code than to the code of the other
/// pairs of a batch, and the code nearer to its own sentence: a softmax over the batch in both
/// directions, of cosines times 20. A text's vector is the sum of its words', each times its weight
/// and 1 + ln of how often it stands there.
class Trainer {
 public:
  Trainer(const Corpus& corpus, const Schedule& schedule);

  /// Says on std::cerr how far it is.
  void run();

  const std::vector<Row>& rows() const { return rows_; }

 private:
  using Vectors = std::vector<float>;  ///< `dimensions` floats a pair

  std::vector<std::uint32_t> draw();
  std::uint32_t next();
  double step(const std::vector<std::uint32_t>& picked);
  void embed(const std::vector<Count>& counts, float Row::*weight, float* unit,
             float* length) const;
  void descend(const std::vector<Count>& counts, float Row::*weight, const float* unit,
               float length, const float* gradient);
  void update(double rate, std::size_t number);

  const Corpus& corpus_;
  const Schedule schedule_;
  std::mt19937 random_;
  std::vector<Row> rows_;
  std::vector<Row> gradients_, first_moments_, second_moments_;
  std::vector<std::uint32_t> touched_;
  std::vector<bool> is_touched_;
  std::vector<std::vector<std::uint32_t>> by_package_;
  std::vector<std::uint32_t> order_;
  std::size_t order_at_ = 0;
};

}  // namespace weir::training
