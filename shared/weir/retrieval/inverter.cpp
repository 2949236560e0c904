#include "weir/retrieval/inverter.hpp"

#include <algorithm>

namespace weir::retrieval {
namespace {

using bm25f::Field;

constexpr std::size_t body = static_cast<std::size_t>(Field::body);
constexpr std::size_t path = static_cast<std::size_t>(Field::path);
constexpr std::size_t file_name = static_cast<std::size_t>(Field::file_name);
constexpr std::size_t names = static_cast<std::size_t>(Field::names);

constexpr std::uint8_t defines_bit = 0x80;

/// Calls `visit(text of the chunk)` for each chunk.
template <class Visit>
void for_each_chunk(const FileTerms& terms, Visit&& visit) {
  std::size_t begin = 0;
  for (const std::size_t end : terms.chunk_ends) {
    visit(std::span(terms.text).subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace

Inverter::Inverter(std::span<const std::vector<std::uint8_t>* const> files,
                   std::span<const TermKind> kinds)
    : files_(files),
      kinds_(kinds),
      chunk_counts_(kinds.size()),
      file_counts_(kinds.size()),
      place_(kinds.size()) {
  chunks_.weights = &bm25f::chunk_level;
  whole_files_.weights = &bm25f::file_level;
  count();
}

Inverter::FieldSums& Inverter::field(Sums& sums, std::uint32_t term) const {
  return kinds_[term] == TermKind::part ? sums.part : sums.whole;
}

void Inverter::add_lengths(Sums& sums, std::span<const Occurrence> text) const {
  for (const Occurrence& at : text) {
    FieldSums& fields = field(sums, at.term);
    fields[body] += at.body;
    fields[names] += at.names;
  }
}

void Inverter::add_path_lengths(Sums& sums, std::span<const PathOccurrence> of_path) const {
  for (const PathOccurrence& at : of_path) {
    FieldSums& fields = field(sums, at.term);
    fields[path] += at.path;
    fields[file_name] += at.file_name;
  }
}

void Inverter::count() {
  std::vector<std::uint32_t> last_chunk(kinds_.size()), last_file(kinds_.size());  // plus one
  FileTerms terms;
  for (const auto* file : files_) {
    unpack_terms(*file, terms);
    const auto met = [&](std::uint32_t term) {
      const auto chunk = static_cast<std::uint32_t>(chunks_.documents);
      const auto number = static_cast<std::uint32_t>(whole_files_.documents);
      if (last_chunk[term] != chunk) ++chunk_counts_[term];
      if (last_file[term] != number) ++file_counts_[term];
      last_chunk[term] = chunk;
      last_file[term] = number;
    };
    ++whole_files_.documents;
    add_lengths(whole_files_.totals, terms.text);
    add_path_lengths(whole_files_.totals, terms.path);
    for_each_chunk(terms, [&](std::span<const Occurrence> text) {
      ++chunks_.documents;
      add_lengths(chunks_.totals, text);
      add_path_lengths(chunks_.totals, terms.path);
      for (const Occurrence& at : text) met(at.term);
      for (const PathOccurrence& at : terms.path) met(at.term);
    });
  }
}

Inverter::Sums Inverter::worth(const Level& level, const Sums& lengths) const {
  Sums result;
  for (std::size_t i = 0; i < bm25f::field_count; ++i) {
    result.part[i] = bm25f::occurrence_weight(level.weights->part[i], lengths.part[i],
                                              level.totals.part[i], level.documents);
    result.whole[i] = bm25f::occurrence_weight(level.weights->whole[i], lengths.whole[i],
                                               level.totals.whole[i], level.documents);
  }
  return result;
}

void Inverter::begin(Collected& collected, std::span<const std::uint32_t> terms,
                     std::span<const std::uint32_t> counts) {
  collected.begins.assign(1, 0);
  for (const std::uint32_t term : terms)
    collected.begins.push_back(collected.begins.back() + counts[term]);
  collected.next.assign(collected.begins.begin(), collected.begins.end() - 1);
  collected.strengths.assign(collected.begins.back(), 0);
}

void Inverter::invert(std::span<const std::uint32_t> terms) {
  std::fill(place_.begin(), place_.end(), 0);
  std::uint32_t place = 0;
  for (const std::uint32_t term : terms) place_[term] = ++place;
  begin(of_chunks_, terms, chunk_counts_);
  begin(of_files_, terms, file_counts_);
  chunk_numbers_.assign(of_chunks_.strengths.size(), 0);
  pending_.assign(terms.size(), {});
  FileTerms of_file;
  std::uint32_t chunk = 0, number = 0;
  for (const auto* file : files_) {
    unpack_terms(*file, of_file);
    for_each_chunk(of_file, [&](std::span<const Occurrence> text) {
      collect(chunks_, text, of_file.path, of_chunks_, chunk++);
    });
    collect(whole_files_, of_file.text, of_file.path, of_files_, number++);
  }
}

void Inverter::collect(const Level& level, std::span<const Occurrence> text,
                       std::span<const PathOccurrence> of_path, Collected& out,
                       std::uint32_t document) {
  Sums lengths;
  add_lengths(lengths, text);
  add_path_lengths(lengths, of_path);
  Sums each = worth(level, lengths);
  touched_.clear();
  const auto pending = [&](std::uint32_t term) -> Pending* {
    if (place_[term] == 0) return nullptr;
    Pending& found = pending_[place_[term] - 1];
    if (!found.met) touched_.push_back(place_[term] - 1);
    found.met = true;
    return &found;
  };
  for (const Occurrence& at : text) {
    if (Pending* term = pending(at.term)) {
      const FieldSums& one = field(each, at.term);
      term->tf += at.body * one[body] + at.names * one[names];
      term->defines = term->defines || at.names > 0;
    }
  }
  for (const PathOccurrence& at : of_path) {
    if (Pending* term = pending(at.term)) {
      const FieldSums& one = field(each, at.term);
      term->tf += at.path * one[path] + at.file_name * one[file_name];
    }
  }
  for (const std::uint32_t place : touched_) {
    const Pending& term = pending_[place];
    const std::size_t at = out.next[place]++;
    const std::uint32_t strength = bm25f::strength(term.tf) | (term.defines ? defines_bit : 0U);
    out.strengths[at] = static_cast<std::uint8_t>(strength);
    if (&out == &of_chunks_) chunk_numbers_[at] = document;
    pending_[place] = {};
  }
}

void Inverter::postings(std::size_t place, Postings& out) const {
  out.clear();
  for (std::size_t at = of_chunks_.begins[place]; at < of_chunks_.begins[place + 1]; ++at) {
    out.chunks.push_back(chunk_numbers_[at]);
    out.chunk_strengths.push_back(of_chunks_.strengths[at] & strength_most);
  }
  bool any = false;
  for (std::size_t at = of_files_.begins[place]; at < of_files_.begins[place + 1]; ++at) {
    const std::uint8_t strength = of_files_.strengths[at];
    out.file_strengths.push_back(strength & strength_most);
    out.defines.push_back(strength >= defines_bit ? 1 : 0);
    any = any || strength >= defines_bit;
  }
  if (!any) out.defines.clear();
}

}  // namespace weir::retrieval
