#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/passage.hpp"

namespace weir::provider {

/// A question's terms with their weights: how much a text has to do with it. Integers only, so
/// that every build agrees.
class Question {
 public:
  /// A term that few of the passages hold says more than one that most hold.
  Question(std::string_view text, const std::vector<Passage>& passages);

  /// The sum of the weights of the different terms that the text holds.
  std::uint64_t score(std::string_view text) const;

 private:
  struct Term {
    std::string text;
    std::uint64_t weight = 1;
  };
  void add(std::string term, bool whole);
  std::vector<bool> held_by(std::string_view text) const;

  std::vector<Term> terms_;
};

}  // namespace weir::provider
