#include "trainer.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>
#include <thread>

namespace weir::training {
namespace {

constexpr float scale = 20;

/// Cosines are at most 1: exp(scale - shift) and sums of a batch of it stay in range.
constexpr float shift = scale - 60;

/// Half of a batch comes from so many packages: telling texts of one repository apart is what the
/// table is for.
constexpr int packages_near = 4;

constexpr std::size_t threads = 2;

template <class Work>
void in_parallel(std::size_t count, Work work) {
  std::vector<std::thread> pool;
  for (std::size_t t = 0; t < threads; ++t) {
    pool.emplace_back([&, t] { work(count * t / threads, count * (t + 1) / threads, t); });
  }
  for (std::thread& thread : pool) thread.join();
}

float dot(const float* a, const float* b) {
  float sum = 0;
  for (std::size_t i = 0; i < dimensions; ++i) sum += a[i] * b[i];
  return sum;
}

void add_scaled(float* to, float factor, const float* from) {
  for (std::size_t i = 0; i < dimensions; ++i) to[i] += factor * from[i];
}

float* floats(Row& row) {
  return row.vector;  // the weights follow it
}

}  // namespace

Trainer::Trainer(const Corpus& corpus, const Schedule& schedule)
    : corpus_(corpus),
      schedule_(schedule),
      random_(schedule.seed),
      rows_(corpus.words.size()),
      gradients_(rows_.size()),
      first_moments_(rows_.size()),
      second_moments_(rows_.size()),
      is_touched_(rows_.size()),
      by_package_(corpus.packages) {
  std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(dimensions)));
  for (std::size_t word = 0; word < rows_.size(); ++word) {
    for (float& component : rows_[word].vector) component = normal(random_);
    rows_[word].question_weight = rows_[word].text_weight = corpus.idf[word] / 4;
  }
  for (std::uint32_t i = 0; i < corpus.pairs.size(); ++i) {
    by_package_[corpus.pairs[i].package].push_back(i);
  }
}

void Trainer::run() {
  const auto steps =
      static_cast<std::size_t>(schedule_.epochs * static_cast<double>(corpus_.pairs.size()) /
                               static_cast<double>(schedule_.batch));
  double loss = 0;
  for (std::size_t number = 0; number < steps; ++number) {
    loss += step(draw());
    const double done = static_cast<double>(number) / static_cast<double>(steps);
    update(schedule_.rate * (1 - done), number + 1);
    if (number % 100 != 99) continue;
    std::cerr << "step " << number + 1 << " of " << steps << ", loss " << loss / 100 << std::endl;
    loss = 0;
  }
}

std::vector<std::uint32_t> Trainer::draw() {
  std::vector<std::uint32_t> picked, pool;
  for (int i = 0; i < packages_near; ++i) {
    const auto& package = by_package_[corpus_.pairs[next()].package];
    pool.insert(pool.end(), package.begin(), package.end());
  }
  while (picked.size() < schedule_.batch / 2) picked.push_back(pool[random_() % pool.size()]);
  while (picked.size() < schedule_.batch) picked.push_back(next());
  std::sort(picked.begin(), picked.end());
  picked.erase(std::unique(picked.begin(), picked.end()), picked.end());
  return picked;
}

/// Each pair once, in an order drawn anew for each round.
std::uint32_t Trainer::next() {
  if (order_at_ == order_.size()) {
    order_.resize(corpus_.pairs.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::shuffle(order_.begin(), order_.end(), random_);
    order_at_ = 0;
  }
  return order_[order_at_++];
}

void Trainer::embed(const std::vector<Count>& counts, float Row::*weight, float* unit,
                    float* length) const {
  std::fill(unit, unit + dimensions, 0.0F);
  for (const Count& count : counts) {
    const Row& row = rows_[count.word];
    add_scaled(unit, count.value * row.*weight, row.vector);
  }
  *length = std::sqrt(dot(unit, unit) + 1e-9F);
  for (std::size_t i = 0; i < dimensions; ++i) unit[i] /= *length;
}

/// Hands the gradient of a text's unit vector on to its words.
void Trainer::descend(const std::vector<Count>& counts, float Row::*weight, const float* unit,
                      float length, const float* gradient) {
  float of_sum[dimensions];
  const float along = dot(unit, gradient);
  for (std::size_t i = 0; i < dimensions; ++i) {
    of_sum[i] = (gradient[i] - along * unit[i]) / length;
  }
  for (const Count& count : counts) {
    const Row& row = rows_[count.word];
    Row& sum = gradients_[count.word];
    add_scaled(sum.vector, count.value * row.*weight, of_sum);
    sum.*weight += count.value * dot(row.vector, of_sum);
    if (is_touched_[count.word]) continue;
    is_touched_[count.word] = true;
    touched_.push_back(count.word);
  }
}

double Trainer::step(const std::vector<std::uint32_t>& picked) {
  const std::size_t n = picked.size();
  Vectors questions(n * dimensions), texts(n * dimensions);
  std::vector<float> question_lengths(n), text_lengths(n);
  in_parallel(n, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) {
      const Pair& pair = corpus_.pairs[picked[i]];
      embed(pair.question, &Row::question_weight, &questions[i * dimensions], &question_lengths[i]);
      embed(pair.text, &Row::text_weight, &texts[i * dimensions], &text_lengths[i]);
    }
  });

  // The exponentials of all logits, and their sums.
  Vectors exponentials(n * n), row_sums(n), column_sums(n);
  std::vector<Vectors> partial(threads, Vectors(n));
  std::vector<float> logits(n);  // of the true pairs
  in_parallel(n, [&](std::size_t begin, std::size_t end, std::size_t thread) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        const float logit = scale * dot(&questions[i * dimensions], &texts[j * dimensions]) - shift;
        if (i == j) logits[i] = logit;
        exponentials[i * n + j] = std::exp(logit);
        row_sums[i] += exponentials[i * n + j];
        partial[thread][j] += exponentials[i * n + j];
      }
    }
  });
  for (const Vectors& part : partial) {
    for (std::size_t j = 0; j < n; ++j) column_sums[j] += part[j];
  }
  double loss = 0;
  for (std::size_t i = 0; i < n; ++i) {
    loss += (std::log(row_sums[i]) + std::log(column_sums[i])) / 2 - logits[i];
  }

  Vectors question_gradients(n * dimensions);
  std::vector<Vectors> text_gradients(threads, Vectors(n * dimensions));
  in_parallel(n, [&](std::size_t begin, std::size_t end, std::size_t thread) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        float gradient = exponentials[i * n + j] * (0.5F / row_sums[i] + 0.5F / column_sums[j]);
        if (i == j) gradient -= 1;
        if (std::fabs(gradient) < 1e-5F) continue;  // most pairs have nothing to do with another
        gradient *= scale / static_cast<float>(n);
        add_scaled(&question_gradients[i * dimensions], gradient, &texts[j * dimensions]);
        add_scaled(&text_gradients[thread][j * dimensions], gradient, &questions[i * dimensions]);
      }
    }
  });
  for (std::size_t i = 0; i < n; ++i) {
    const Pair& pair = corpus_.pairs[picked[i]];
    const std::size_t at = i * dimensions;
    for (std::size_t t = 1; t < threads; ++t) {
      add_scaled(&text_gradients[0][at], 1, &text_gradients[t][at]);
    }
    descend(pair.question, &Row::question_weight, &questions[at], question_lengths[i],
            &question_gradients[at]);
    descend(pair.text, &Row::text_weight, &texts[at], text_lengths[i], &text_gradients[0][at]);
  }
  return loss / static_cast<double>(n);
}

/// Adam (Kingma, Ba, 2014), for the rows that the batch touched.
void Trainer::update(double rate, std::size_t number) {
  constexpr float decay_first = 0.9F, decay_second = 0.999F;
  const auto n = static_cast<double>(number);
  const auto corrected = static_cast<float>(rate * std::sqrt(1 - std::pow(decay_second, n)) /
                                            (1 - std::pow(decay_first, n)));
  for (const std::uint32_t word : touched_) {
    float* const row = floats(rows_[word]);
    float* const gradient = floats(gradients_[word]);
    float* const first = floats(first_moments_[word]);
    float* const second = floats(second_moments_[word]);
    for (std::size_t i = 0; i < row_size; ++i) {
      first[i] = decay_first * first[i] + (1 - decay_first) * gradient[i];
      second[i] = decay_second * second[i] + (1 - decay_second) * gradient[i] * gradient[i];
      row[i] -= corrected * first[i] / (std::sqrt(second[i]) + 1e-8F);
      gradient[i] = 0;
    }
    is_touched_[word] = false;
  }
  touched_.clear();
}

}  // namespace weir::training
