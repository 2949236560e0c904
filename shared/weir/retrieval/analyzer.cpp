#include "weir/retrieval/analyzer.hpp"

namespace weir::retrieval::detail {
namespace {

template <class Is>
std::size_t run_end(std::string_view word, std::size_t at, Is is) {
  while (at < word.size() && is(word[at])) ++at;
  return at;
}

}  // namespace

std::size_t part_end(std::string_view word, std::size_t at) {
  if (is_digit(word[at])) return run_end(word, at, is_digit);
  if (is_lower(word[at])) return run_end(word, at, is_lower);
  const std::size_t capitals = run_end(word, at, is_upper);
  const bool lower_follows = capitals < word.size() && is_lower(word[capitals]);
  if (!lower_follows) return capitals;
  // The last capital begins the next word, as in `HTTPServer`, unless it is the only one.
  return capitals - at > 1 ? capitals - 1 : run_end(word, capitals, is_lower);
}

}  // namespace weir::retrieval::detail
