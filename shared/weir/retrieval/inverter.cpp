#include "weir/retrieval/inverter.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"

namespace weir::retrieval {
namespace {

using bm25f::Field;
using bm25f::Fixed;

constexpr std::size_t body = static_cast<std::size_t>(Field::body);
constexpr std::size_t path = static_cast<std::size_t>(Field::path);
constexpr std::size_t file_name = static_cast<std::size_t>(Field::file_name);
constexpr std::size_t names = static_cast<std::size_t>(Field::names);

constexpr TermKind kinds[] = {TermKind::part, TermKind::whole};

/// Each holds two numbers for each term.
constexpr std::size_t parts_most = 16;

bool unpack(const InvertedFile& file, FileOccurrences& out) {
  return unpack_occurrences(file.occurrences, file.terms.size(), file.chunks, out);
}

}  // namespace

void Inverter::add_lengths(Sums& sums, const InvertedFile& file,
                           std::span<const Occurrence> text) const {
  for (const Occurrence& at : text) {
    FieldSums& fields = sums[kind_of(file.terms[at.place])];
    fields[body] += at.body;
    fields[names] += at.names;
  }
}

Inverter::Sums Inverter::path_lengths(const InvertedFile& file,
                                      std::span<const PathOccurrence> of_path) const {
  Sums sums{};
  for (std::size_t place = 0; place < of_path.size(); ++place) {
    FieldSums& fields = sums[kind_of(file.terms[place])];
    fields[path] += of_path[place].path;
    fields[file_name] += of_path[place].file_name;
  }
  return sums;
}

void Inverter::Counts::count(const Inverter& inverter, std::span<const InvertedFile> of) {
  FileOccurrences read;
  for (const InvertedFile& file : of) {
    if (!unpack(file, read)) {
      sound = false;
      return;
    }
    ++file_total;
    chunk_total += file.chunks;
    for (const std::uint32_t term : file.terms) ++files[term];
    const auto path_terms = static_cast<std::uint32_t>(read.path.size());
    for (std::uint32_t place = 0; place < path_terms; ++place)
      chunks[file.terms[place]] += file.chunks;
    for (const Occurrence& at : read.text) {
      if (at.place >= path_terms) ++chunks[file.terms[at.place]];
    }
    Sums lengths{};
    inverter.add_lengths(lengths, file, read.text);
    const Sums of_path = inverter.path_lengths(file, read.path);
    for (std::size_t kind = 0; kind < 2; ++kind) {
      for (const std::size_t field : {body, names}) {
        chunk_lengths[kind][field] += lengths[kind][field];
        file_lengths[kind][field] += lengths[kind][field];
      }
      for (const std::size_t field : {path, file_name}) {
        chunk_lengths[kind][field] += of_path[kind][field] * file.chunks;
        file_lengths[kind][field] += of_path[kind][field];
      }
    }
  }
}

void Inverter::Counts::add(const Counts& other) {
  for (std::size_t term = 0; term < chunks.size(); ++term) {
    chunks[term] += other.chunks[term];
    files[term] += other.files[term];
  }
  chunk_total += other.chunk_total;
  file_total += other.file_total;
  for (std::size_t kind = 0; kind < 2; ++kind) {
    for (std::size_t field = 0; field < bm25f::field_count; ++field) {
      chunk_lengths[kind][field] += other.chunk_lengths[kind][field];
      file_lengths[kind][field] += other.file_lengths[kind][field];
    }
  }
  sound = sound && other.sound;
}

void Inverter::cut_parts(std::size_t count) {
  std::uint64_t all = 0, before = 0;
  for (const InvertedFile& file : files_) all += file.occurrences.size();
  std::size_t begin = 0, end = 0;
  for (std::size_t part = 1; part <= count; ++part, begin = end) {
    for (; end < files_.size() && (part == count || before * count < all * part); ++end)
      before += files_[end].occurrences.size();
    parts_.push_back({files_.subspan(begin, end - begin), {}});
  }
}

std::optional<Inverter> Inverter::over(std::span<const InvertedFile> files, std::uint32_t terms,
                                       std::uint32_t first_whole, const Workers& workers) {
  Inverter inverter(files, first_whole);
  inverter.cut_parts(std::min(workers.count, parts_most));
  workers.run(inverter.parts_.size(), [&](std::size_t i) {
    Part& part = inverter.parts_[i];
    part.counts.chunks.resize(terms);
    part.counts.files.resize(terms);
    part.counts.count(inverter, part.files);
  });
  // Nobody passes the last part: what it has may go.
  inverter.counts_ = std::move(inverter.parts_.back().counts);
  for (std::size_t i = 0; i + 1 < inverter.parts_.size(); ++i)
    inverter.counts_.add(inverter.parts_[i].counts);
  if (!inverter.counts_.sound) return std::nullopt;
  return inverter;
}

/// Takes one file after another and puts down the postings of the stretch at hand, from where those
/// of the files before end.
class Collector {
 public:
  Collector(const Inverter& inverter, InvertedTerms& out)
      : inverter_(inverter), out_(out), first_(out.first_) {
    next_chunk_.assign(out.chunks_.begins.begin(), out.chunks_.begins.end() - 1);
    next_file_.assign(out.files_.begins.begin(), out.files_.begins.end() - 1);
    size_ = static_cast<std::uint32_t>(next_chunk_.size());
  }

  /// Makes room for the postings of `size` terms from `first` on.
  static InvertedTerms room_for(const Inverter& inverter, std::uint32_t first, std::uint32_t size) {
    InvertedTerms out;
    out.first_ = first;
    const Inverter::Counts& counts = inverter.counts_;
    begin(out.chunks_, std::span(counts.chunks).subspan(first, size));
    begin(out.files_, std::span(counts.files).subspan(first, size));
    out.chunk_numbers_.resize(out.chunks_.strengths.size());
    out.defines_.resize(out.files_.strengths.size());
    return out;
  }

  /// Leaves room for what stands in files that others take.
  void pass(const Inverter::Counts& counts) {
    for (std::uint32_t i = 0; i < size_; ++i) {
      next_chunk_[i] += counts.chunks[first_ + i];
      next_file_[i] += counts.files[first_ + i];
    }
    chunk_ += static_cast<std::uint32_t>(counts.chunk_total);
  }

  void take(const InvertedFile& file) {
    WEIR_ASSERT(unpack(file, read_));
    of_path_ = inverter_.path_lengths(file, read_.path);
    in_file_.assign(file.terms.size(), {});
    file_lengths_ = of_path_;
    collect_chunks(file);
    collect_file(file);
  }

 private:
  using Sums = Inverter::Sums;

  /// How often a term stands in the file at hand.
  struct InFile {
    std::uint32_t body = 0;
    std::uint32_t names = 0;
  };

  static void begin(InvertedTerms::Level& level, std::span<const std::uint32_t> counts) {
    level.begins.reserve(counts.size() + 1);
    level.begins.push_back(0);
    for (const std::uint32_t count : counts) level.begins.push_back(level.begins.back() + count);
    level.strengths.resize(level.begins.back());
  }

  /// What an occurrence adds in documents of these lengths.
  static Fixed worth(const bm25f::Level& weights, std::size_t kind, std::size_t field,
                     const Sums& lengths, const Sums& totals, std::uint64_t documents) {
    return bm25f::occurrence_weight(weights.of(kinds[kind], field), lengths[kind][field],
                                    totals[kind][field], documents);
  }
  Fixed in_chunk(std::size_t kind, std::size_t field, const Sums& lengths) const {
    const Inverter::Counts& counts = inverter_.counts_;
    return worth(bm25f::chunk_level, kind, field, lengths, counts.chunk_lengths,
                 counts.chunk_total);
  }
  Fixed in_file(std::size_t kind, std::size_t field) const {
    const Inverter::Counts& counts = inverter_.counts_;
    return worth(bm25f::file_level, kind, field, file_lengths_, counts.file_lengths,
                 counts.file_total);
  }

  void collect_chunks(const InvertedFile& file) {
    weigh_path(file);
    for (std::size_t i = 0; i < read_.chunks(); ++i, ++chunk_) {
      const std::span<const Occurrence> text = read_.chunk(i);
      weigh_chunk(file, text);
      for (const Occurrence& at : text) collect(at, file.terms[at.place]);
      for (std::uint32_t place = 0; place < path_tf_.size(); ++place) {
        if (!in_text_[place]) put(file.terms[place], bm25f::strength(path_tf_[place]));
      }
    }
  }

  /// What the path adds to its terms, in each chunk of the file.
  void weigh_path(const InvertedFile& file) {
    path_tf_.clear();
    for (std::size_t place = 0; place < read_.path.size(); ++place) {
      const std::size_t kind = inverter_.kind_of(file.terms[place]);
      const PathOccurrence& at = read_.path[place];
      path_tf_.push_back(at.path * in_chunk(kind, path, of_path_) +
                         at.file_name * in_chunk(kind, file_name, of_path_));
    }
  }

  void weigh_chunk(const InvertedFile& file, std::span<const Occurrence> text) {
    Sums lengths{};
    inverter_.add_lengths(lengths, file, text);
    for (std::size_t kind = 0; kind < 2; ++kind) {
      body_[kind] = in_chunk(kind, body, lengths);
      names_[kind] = in_chunk(kind, names, lengths);
      once_[kind] = bm25f::strength(body_[kind]);
      file_lengths_[kind][body] += lengths[kind][body];
      file_lengths_[kind][names] += lengths[kind][names];
    }
    in_text_.assign(path_tf_.size(), false);
  }

  void collect(const Occurrence& at, std::uint32_t term) {
    in_file_[at.place].body += at.body;
    in_file_[at.place].names += at.names;
    const std::size_t kind = inverter_.kind_of(term);
    const bool of_path = at.place < path_tf_.size();
    if (of_path && in_text_[at.place]) return;  // what was counted once is put down once
    if (of_path) in_text_[at.place] = true;
    if (term - first_ >= size_) return;
    if (!of_path && at.names == 0 && at.body == 1) return put(term, once_[kind]);
    put(term, bm25f::strength(at.body * body_[kind] + at.names * names_[kind] +
                              (of_path ? path_tf_[at.place] : 0)));
  }

  void put(std::uint32_t term, std::uint32_t strength) {
    if (term - first_ >= size_) return;
    const std::size_t at = next_chunk_[term - first_]++;
    out_.chunk_numbers_[at] = chunk_;
    out_.chunks_.strengths[at] = static_cast<std::uint8_t>(strength);
  }

  void collect_file(const InvertedFile& file) {
    for (std::size_t kind = 0; kind < 2; ++kind) {
      body_[kind] = in_file(kind, body);
      names_[kind] = in_file(kind, names);
    }
    for (std::size_t place = 0; place < file.terms.size(); ++place) {
      const std::uint32_t term = file.terms[place];
      if (term - first_ >= size_) continue;
      const std::size_t kind = inverter_.kind_of(term);
      const InFile& in = in_file_[place];
      Fixed tf = in.body * body_[kind] + in.names * names_[kind];
      if (place < read_.path.size()) {
        tf += read_.path[place].path * in_file(kind, path) +
              read_.path[place].file_name * in_file(kind, file_name);
      }
      const std::size_t at = next_file_[term - first_]++;
      out_.files_.strengths[at] = static_cast<std::uint8_t>(bm25f::strength(tf));
      out_.defines_[at] = in.names > 0 ? 1 : 0;
    }
  }

  const Inverter& inverter_;
  InvertedTerms& out_;
  std::uint32_t first_, size_;
  std::vector<std::size_t> next_chunk_, next_file_;  ///< by term of the stretch
  std::uint32_t chunk_ = 0;

  // Of the file or the chunk at hand.
  FileOccurrences read_;
  Sums of_path_{}, file_lengths_{};
  std::vector<InFile> in_file_;  ///< by place
  std::vector<Fixed> path_tf_;   ///< by place, of the path's terms
  std::vector<bool> in_text_;    ///< likewise
  std::array<Fixed, 2> body_{}, names_{};
  std::array<std::uint32_t, 2> once_{};  ///< the strength of what stands in the text alone, once
};

InvertedTerms Inverter::invert(std::uint32_t first, std::uint32_t end,
                               const Workers& workers) const {
  InvertedTerms out = Collector::room_for(*this, first, end - first);
  // What one puts down, no other does: a term's postings stand in the order of the files.
  workers.run(parts_.size(), [&](std::size_t i) {
    Collector collector(*this, out);
    for (std::size_t before = 0; before < i; ++before) collector.pass(parts_[before].counts);
    for (const InvertedFile& file : parts_[i].files) collector.take(file);
  });
  return out;
}

PostingsView InvertedTerms::postings(std::uint32_t term) const {
  const std::size_t at = term - first_;
  const std::size_t chunk = chunks_.begins[at], chunks = chunks_.begins[at + 1] - chunk;
  const std::size_t file = files_.begins[at], files = files_.begins[at + 1] - file;
  const auto defines = std::span(defines_).subspan(file, files);
  const bool any = std::find(defines.begin(), defines.end(), 1) != defines.end();
  return {std::span(chunk_numbers_).subspan(chunk, chunks),
          std::span(chunks_.strengths).subspan(chunk, chunks),
          std::span(files_.strengths).subspan(file, files), defines.first(any ? files : 0)};
}

}  // namespace weir::retrieval
