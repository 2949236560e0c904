#include "weir/retrieval/inverter.hpp"

#include <algorithm>

namespace weir::retrieval {
namespace {

using bm25f::Field;

constexpr std::size_t body = static_cast<std::size_t>(Field::body);
constexpr std::size_t path = static_cast<std::size_t>(Field::path);
constexpr std::size_t file_name = static_cast<std::size_t>(Field::file_name);
constexpr std::size_t names = static_cast<std::size_t>(Field::names);

constexpr std::uint64_t tf_most = (1ULL << 31) - 1;

}  // namespace

Inverter::Inverter(std::span<const Document> documents, std::span<const TermKind> kinds,
                   const bm25f::Level& level)
    : documents_(documents),
      kinds_(kinds),
      level_(level),
      starts_(kinds.size() + 1),
      tf_(kinds.size()) {
  count_documents();
  fill();
}

std::span<const TermWeight> Inverter::of(std::uint32_t term) const {
  return std::span(weights_).subspan(starts_[term], starts_[term + 1] - starts_[term]);
}

Inverter::Lengths Inverter::lengths(const Document& document) const {
  Lengths sum;
  const auto of_kind = [&](std::uint32_t term) -> auto& {
    return kinds_[term] == TermKind::part ? sum.part : sum.whole;
  };
  for (const Occurrence& occurrence : document.text) {
    auto& fields = of_kind(occurrence.term);
    fields[body] += occurrence.body;
    fields[names] += occurrence.names;
  }
  for (const PathOccurrence& occurrence : document.path) {
    auto& fields = of_kind(occurrence.term);
    fields[path] += occurrence.path;
    fields[file_name] += occurrence.file_name;
  }
  return sum;
}

Inverter::Weights Inverter::weights(const Document& document) const {
  const Lengths length = lengths(document);
  Weights result;
  for (std::size_t field = 0; field < bm25f::field_count; ++field) {
    result.part[field] = bm25f::occurrence_weight(level_.part[field], length.part[field],
                                                  totals_.part[field], documents_.size());
    result.whole[field] = bm25f::occurrence_weight(level_.whole[field], length.whole[field],
                                                   totals_.whole[field], documents_.size());
  }
  return result;
}

void Inverter::accumulate(const Document& document) {
  const Weights weight = weights(document);
  const auto add = [&](std::uint32_t term, bm25f::Fixed tf, bool defines) {
    if (tf_[term] == 0) touched_.push_back(term);
    // Twice the sum, so that the lowest bit is free; the 2 marks the term as met, whatever its
    // weight.
    tf_[term] = (tf_[term] + 2 * tf) | 2 | (defines ? 1U : 0U);
  };
  touched_.clear();
  for (const Occurrence& at : document.text) {
    const auto& of_field = kinds_[at.term] == TermKind::part ? weight.part : weight.whole;
    add(at.term, at.body * of_field[body] + at.names * of_field[names], at.names > 0);
  }
  for (const PathOccurrence& at : document.path) {
    const auto& of_field = kinds_[at.term] == TermKind::part ? weight.part : weight.whole;
    add(at.term, at.path * of_field[path] + at.file_name * of_field[file_name], false);
  }
}

void Inverter::count_documents() {
  std::vector<std::uint32_t> last(kinds_.size(), 0);  // the document before, plus one
  std::uint32_t number = 0;
  for (const Document& document : documents_) {
    ++number;
    const auto count = [&](std::uint32_t term) {
      if (last[term] == number) return;
      last[term] = number;
      ++starts_[term + 1];
    };
    for (const Occurrence& at : document.text) count(at.term);
    for (const PathOccurrence& at : document.path) count(at.term);
    const Lengths length = lengths(document);
    for (std::size_t field = 0; field < bm25f::field_count; ++field) {
      totals_.part[field] += length.part[field];
      totals_.whole[field] += length.whole[field];
    }
  }
  for (std::size_t term = 0; term < kinds_.size(); ++term) starts_[term + 1] += starts_[term];
}

void Inverter::fill() {
  weights_.resize(starts_.back());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (std::uint32_t number = 0; number < documents_.size(); ++number) {
    accumulate(documents_[number]);
    for (const std::uint32_t term : touched_) {
      TermWeight& weight = weights_[next[term]++];
      weight.document = number;
      weight.tf = static_cast<std::uint32_t>(std::min(tf_[term] >> 1, tf_most)) & 0x7fffffffU;
      weight.defines = tf_[term] & 1;
      tf_[term] = 0;
    }
  }
}

}  // namespace weir::retrieval
