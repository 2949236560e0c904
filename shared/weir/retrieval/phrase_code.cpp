#include "weir/retrieval/phrase_code.hpp"

#include <algorithm>

#include "weir/base/hash.hpp"
#include "weir/retrieval/analyzer.hpp"

namespace weir::retrieval {
namespace {

constexpr std::uint16_t last_of_name = 1 << 15;
constexpr std::uint16_t hash_most = last_of_name - 1;
constexpr std::size_t names_bytes = 2 * name_slots;

constexpr unsigned probes = 4;
constexpr unsigned probe_bits = 9;
static_assert(neighbour_bits == 1 << probe_bits);

constexpr std::int64_t millionths = 1'000'000;

/// Never 0.
std::uint16_t slot_hash(std::uint32_t hash) {
  return static_cast<std::uint16_t>(hash % hash_most + 1);
}

/// Of two neighbours, in whatever order. Its upper bits depend on all of both.
std::uint64_t neighbours_key(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t both = std::uint64_t{std::max(a, b)} << 32 | std::min(a, b);
  return both * 0x9E3779B97F4A7C15ULL;
}

std::size_t probe(std::uint64_t key, unsigned i) {
  return static_cast<std::size_t>(key >> (64 - (i + 1) * probe_bits)) & (neighbour_bits - 1);
}

bool has_neighbours(Bytes filter, std::uint64_t key) {
  for (unsigned i = 0; i < probes; ++i) {
    const std::size_t bit = probe(key, i);
    if ((filter[bit / 8] >> (bit % 8) & 1) == 0) return false;
  }
  return true;
}

}  // namespace

PhrasePart phrase_part(std::string_view stemmed) {
  const bool is_word = stemmed.size() > 1 && !detail::is_digit(stemmed.front());
  return {crc32(as_bytes(stemmed)), is_word && !stem_says_little(stemmed)
                                        ? PhrasePart::Role::neighbour
                                        : PhrasePart::Role::of_names};
}

void PhraseCoder::begin() {
  code_ = {};
  slots_ = 0;
  has_before_ = false;
}

void PhraseCoder::add_neighbours(std::uint32_t left, std::uint32_t right) {
  const std::uint64_t key = neighbours_key(left, right);
  for (unsigned i = 0; i < probes; ++i) {
    const std::size_t bit = probe(key, i);
    std::uint8_t& byte = code_[names_bytes + bit / 8];
    byte = static_cast<std::uint8_t>(byte | 1U << (bit % 8));
  }
}

void PhraseCoder::add_name(std::span<const PhrasePart> parts) {
  name_.clear();
  for (const PhrasePart& part : parts) {
    const std::uint16_t hash = slot_hash(part.hash);
    if (std::find(name_.begin(), name_.end(), hash) == name_.end()) name_.push_back(hash);
  }
  if (name_.empty() || name_.size() > name_slots - slots_) return;
  name_.back() = static_cast<std::uint16_t>(name_.back() | last_of_name);
  for (const std::uint16_t slot : name_) {
    code_[2 * slots_] = static_cast<std::uint8_t>(slot);
    code_[2 * slots_ + 1] = static_cast<std::uint8_t>(slot >> 8);
    ++slots_;
  }
}

AskedPhrases::AskedPhrases(const QueryTerms& terms, std::span<const std::uint64_t> worths) {
  std::vector<PhrasePart> parts;  // by term
  for (std::size_t i = 0; i < terms.size(); ++i) {
    parts.push_back(phrase_part(terms.text(i)));
    if (terms[i].kind != TermKind::part) continue;
    // Worth something, as it is asked for, however common it is.
    parts_.push_back({slot_hash(parts.back().hash), std::max<std::uint64_t>(worths[i], 1)});
    parts_worth_ += parts_.back().worth;
  }
  std::sort(parts_.begin(), parts_.end(),
            [](const Part& a, const Part& b) { return a.hash < b.hash; });
  std::optional<std::uint32_t> before;
  for (const std::uint32_t term : terms.parts_in_order()) {
    if (!parts[term].is_neighbour()) continue;
    if (before && *before != term) {
      neighbours_.push_back(
          {neighbours_key(parts[*before].hash, parts[term].hash), worths[*before] + worths[term]});
    }
    before = term;
  }
  const auto by_key = [](const Neighbours& a, const Neighbours& b) { return a.key < b.key; };
  std::sort(neighbours_.begin(), neighbours_.end(), by_key);
  const auto same = [](const Neighbours& a, const Neighbours& b) { return a.key == b.key; };
  neighbours_.erase(std::unique(neighbours_.begin(), neighbours_.end(), same), neighbours_.end());
  for (const Neighbours& pair : neighbours_) neighbours_worth_ += pair.worth;
}

std::uint64_t AskedPhrases::worth_of(std::uint16_t hash) const {
  const auto at =
      std::lower_bound(parts_.begin(), parts_.end(), hash,
                       [](const Part& part, std::uint16_t wanted) { return part.hash < wanted; });
  return at != parts_.end() && at->hash == hash ? at->worth : 0;
}

/// A name of which the question has half of the parts is a sixteenth as good as a whole one.
std::int64_t AskedPhrases::best_name(Bytes code) const {
  std::int64_t best = 0;
  std::uint64_t worth = 0, asked = 0, size = 0;
  for (std::size_t i = 0; i < name_slots; ++i) {
    const auto slot = load_little_endian<std::uint16_t>(&code[2 * i]);
    if (slot == 0) break;
    const std::uint64_t of_part = worth_of(slot & hash_most);
    worth += of_part;
    asked += of_part > 0 ? 1 : 0;
    ++size;
    if ((slot & last_of_name) == 0) continue;
    const std::uint64_t fit = worth * millionths / parts_worth_ * asked * asked * asked * asked /
                              (size * size * size * size);
    best = std::max(best, static_cast<std::int64_t>(fit));
    worth = asked = size = 0;
  }
  return best;
}

PhraseFit AskedPhrases::fit(Bytes code) const {
  PhraseFit fit;
  if (parts_worth_ > 0) fit.name = best_name(code);
  std::uint64_t found = 0;
  const Bytes filter = code.subspan(names_bytes);
  for (const Neighbours& pair : neighbours_)
    found += has_neighbours(filter, pair.key) ? pair.worth : 0;
  if (neighbours_worth_ > 0)
    fit.neighbours = static_cast<std::int64_t>(found * millionths / neighbours_worth_);
  return fit;
}

}  // namespace weir::retrieval
