#include "weir/retrieval/index_builder.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/json/json.hpp"
#include "weir/retrieval/chunker.hpp"
#include "weir/retrieval/declarations.hpp"
#include "weir/retrieval/default_excludes.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/retrieval/file_table.hpp"
#include "weir/retrieval/file_terms.hpp"
#include "weir/retrieval/inverter.hpp"
#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/postings.hpp"
#include "weir/retrieval/term_dictionary.hpp"
#include "weir/retrieval/text_block.hpp"
#include "weir/retrieval/vocabulary.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {
namespace {

constexpr std::string_view builder_name = "weir 0.1.0";

/// Of so many postings the terms are inverted at a time.
constexpr std::uint64_t postings_at_once = 16 << 20;

/// A file as the pack will hold it.
struct IndexedFile {
  std::string path;
  std::vector<std::uint8_t> text;  ///< its blocks, one behind the other
  std::vector<StoredBlock> blocks;
  std::uint32_t chunks = 0;
  std::vector<std::uint8_t> terms;    ///< as pack_terms() made them
  std::vector<std::uint8_t> vectors;  ///< the code of each chunk's direction
};

void count_up(std::uint16_t& counter) {
  if (counter < std::numeric_limits<std::uint16_t>::max()) ++counter;
}

/// Counts the terms of one document at a time in a list of occurrences.
template <class Item>
class Counter {
 public:
  /// A new document begins at the list's end.
  void begin(std::vector<Item>& items) {
    items_ = &items;
    begin_ = items.size();
  }

  Item& at(std::uint32_t term) {
    if (term >= place_.size()) place_.resize(std::max<std::size_t>(term + 1, 2 * place_.size()));
    std::size_t& place = place_[term];
    // What an earlier document left there is told by the term that the place holds.
    const bool known = place >= begin_ && place < items_->size() && (*items_)[place].term == term;
    if (!known) {
      place = items_->size();
      items_->emplace_back().term = term;
    }
    return (*items_)[place];
  }

 private:
  std::vector<Item>* items_ = nullptr;
  std::size_t begin_ = 0;
  std::vector<std::size_t> place_;
};

json::Value strings(const std::vector<std::string>& list) {
  json::Value array = json::Value::array();
  for (const std::string& text : list) array.push_back(text);
  return array;
}

Error too_large(std::string message) {
  return {ErrorCode::request_too_large, std::move(message),
          "Leave folders out with exclude globs, or raise the limit."};
}

}  // namespace

struct IndexBuilder::State {
  IndexOptions options;
  text::Globs include;
  text::Globs exclude;
  std::vector<IndexedFile> files;
  std::set<std::string, std::less<>> paths;
  std::size_t chunk_count = 0;
  std::uint64_t text_bytes = 0;
  Vocabulary vocabulary;
  const WordTable& words;
  std::vector<std::optional<WordRow>> rows;  ///< of the terms so far; none for what it lacks
  Analyzer analyzer;
  FileTerms terms;  ///< of the file at hand
  Counter<Occurrence> text_counter;
  Counter<PathOccurrence> path_counter;

  State(IndexOptions o, const WordTable& table)
      : options(std::move(o)), include(options.include), exclude(default_excludes()), words(table) {
    for (const std::string& pattern : options.exclude) exclude.add(pattern);
  }

  bool passes_limits() const {
    return files.size() <= options.limits.files && text_bytes <= options.limits.text_bytes;
  }

  void count_path(std::string_view path) {
    path_counter.begin(terms.path);
    analyzer.analyze(
        path, [&](const RawTerm& raw) { count_up(path_counter.at(vocabulary.number(raw)).path); });
    analyzer.analyze(file_stem(path), [&](const RawTerm& raw) {
      count_up(path_counter.at(vocabulary.number(raw)).file_name);
    });
  }

  void count_chunk(std::string_view text, FileForm form) {
    text_counter.begin(terms.text);
    analyzer.analyze(
        text, [&](const RawTerm& raw) { count_up(text_counter.at(vocabulary.number(raw)).body); });
    for (const std::string_view name : defined_names(text, form)) {
      analyzer.analyze(name, [&](const RawTerm& raw) {
        count_up(text_counter.at(vocabulary.number(raw)).names);
      });
    }
    terms.chunk_ends.push_back(terms.text.size());
  }

  void find_rows() {
    for (auto term = static_cast<std::uint32_t>(rows.size()); term < vocabulary.size(); ++term) {
      rows.emplace_back();
      if (vocabulary.kinds()[term] != TermKind::part) continue;
      auto row = words.find(vocabulary.key(term).substr(1));
      WEIR_ASSERT(row && *row);  // the table is whole
      if ((*row)->known()) rows.back() = **row;
    }
  }

  void add_to(VectorSum& sum, std::uint32_t term, std::uint16_t times) const {
    const auto& row = rows[term];
    if (row && times > 0) sum.add(row->vector.data(), row->text_weight, times);
  }

  /// Each chunk's direction: its words and those of its path.
  std::vector<std::uint8_t> directions() {
    find_rows();
    VectorSum of_path;
    for (const PathOccurrence& at : terms.path) add_to(of_path, at.term, at.path);
    std::vector<std::uint8_t> vectors;
    vectors.reserve(terms.chunk_ends.size() * code_bytes);
    std::size_t begin = 0;
    for (const std::size_t end : terms.chunk_ends) {
      VectorSum sum = of_path;
      for (; begin < end; ++begin) add_to(sum, terms.text[begin].term, terms.text[begin].body);
      const VectorCode code = code_of(sum.direction());
      vectors.insert(vectors.end(), code.begin(), code.end());
    }
    return vectors;
  }

  void add(std::string_view path, std::string_view text, std::span<const Chunk> chunks,
           FileForm form) {
    IndexedFile& file = files.emplace_back();
    file.path = path;
    file.chunks = static_cast<std::uint32_t>(chunks.size());
    file.blocks = append_blocks(file.text, path, text, chunks);
    file.text.shrink_to_fit();
    chunk_count += chunks.size();
    terms.clear();
    count_path(path);
    for (const Chunk& chunk : chunks)
      count_chunk(text.substr(chunk.begin, chunk.end - chunk.begin), form);
    file.vectors = directions();
    file.terms = pack_terms(terms);
  }

  void write_meta(PackWriter& writer) const {
    json::Value meta = {{"builder", builder_name},
                        {"repository", options.repository},
                        {"commit", options.commit},
                        {"include", strings(options.include)},
                        {"exclude", strings(options.exclude)},
                        {"files", files.size()},
                        {"chunks", chunk_count},
                        {"terms", vocabulary.size()},
                        {"text_bytes", text_bytes}};
    writer.begin(format::Section::meta);
    writer.write(as_bytes(json::write(meta)));
  }

  void write_layout(PackWriter& writer) const {
    FileTableWriter table;
    for (const IndexedFile& file : files) {
      table.add_file(file.path, file.chunks);
      for (const StoredBlock& block : file.blocks) table.add_block(block.chunks, block.bytes);
    }
    writer.begin(format::Section::layout);
    writer.write(table.finish());
  }

  void write_paths(PackWriter& writer) const {
    writer.begin(format::Section::paths);
    std::vector<std::uint8_t> out;
    std::string_view previous;
    for (const IndexedFile& file : files) {
      const std::string_view path = file.path;
      const auto differ = std::mismatch(path.begin(), path.end(), previous.begin(), previous.end());
      const auto shared = static_cast<std::size_t>(differ.first - path.begin());
      out.clear();
      append_number(out, shared);
      append_number(out, path.size() - shared);
      out.insert(out.end(), path.begin() + static_cast<std::ptrdiff_t>(shared), path.end());
      writer.write(out);
      previous = path;
    }
  }

  std::vector<std::uint32_t> sorted_terms() const {
    std::vector<std::uint32_t> sorted(vocabulary.size());
    for (std::uint32_t i = 0; i < sorted.size(); ++i) sorted[i] = i;
    std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
      return vocabulary.key(a) < vocabulary.key(b);
    });
    return sorted;
  }

  void write_terms(PackWriter& writer) const {
    std::vector<const std::vector<std::uint8_t>*> packed;
    for (const IndexedFile& file : files) packed.push_back(&file.terms);
    Inverter inverter(packed, vocabulary.kinds());
    const std::vector<std::uint32_t> sorted = sorted_terms();
    TermDictionaryWriter dictionary;
    Postings postings;
    std::vector<std::uint8_t> out;
    writer.begin(format::Section::postings);
    for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
      for (std::uint64_t count = 0; end < sorted.size() && count < postings_at_once; ++end)
        count += inverter.chunk_counts()[sorted[end]];
      inverter.invert(std::span(sorted).subspan(begin, end - begin));
      for (std::size_t at = begin; at < end; ++at) {
        inverter.postings(at - begin, postings);
        out.clear();
        append_postings(out, postings, chunk_count);
        dictionary.add(vocabulary.key(sorted[at]),
                       static_cast<std::uint32_t>(postings.chunks.size()), out.size());
        writer.write(out);
      }
    }
    const auto sections = std::move(dictionary).finish();
    writer.begin(format::Section::terms);
    writer.write(sections.terms);
    writer.begin(format::Section::term_index);
    writer.write(sections.index);
  }

  void write_vectors(PackWriter& writer) const {
    std::vector<std::uint8_t> head;
    store_little_endian(head, words.checksum());
    store_little_endian(head, static_cast<std::uint32_t>(vector_dimensions));
    writer.begin(format::Section::vectors);
    writer.write(head);
    for (const IndexedFile& file : files) writer.write(file.vectors);
  }

  void write_text(PackWriter& writer) const {
    writer.begin(format::Section::text);
    for (const IndexedFile& file : files) writer.write(file.text);
  }
};

IndexBuilder::IndexBuilder(IndexOptions options, const WordTable& words)
    : state_(std::make_unique<State>(std::move(options), words)) {}
IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;
IndexBuilder::~IndexBuilder() = default;

void IndexBuilder::name_commit(std::string commit) {
  state_->options.commit = std::move(commit);
}

void IndexBuilder::name_repository(std::string repository) {
  state_->options.repository = std::move(repository);
}

std::size_t IndexBuilder::files() const {
  return state_->files.size();
}
std::size_t IndexBuilder::chunks() const {
  return state_->chunk_count;
}
std::uint64_t IndexBuilder::bytes() const {
  return state_->text_bytes;
}

Admission IndexBuilder::admits(std::string_view path, std::uint64_t size) const {
  const State& state = *state_;
  if (!is_file_path(path, state.options.limits)) return Admission::bad_path;
  if (!state.include.empty() && !state.include.matches(path)) return Admission::excluded;
  if (state.exclude.matches(path)) return Admission::excluded;
  const Admission admission = admission_of(path, size, state.options.limits);
  if (!is_in(admission)) return admission;
  return state.paths.find(path) == state.paths.end() ? admission : Admission::duplicate;
}

bool IndexBuilder::enters(std::string_view folder) const {
  return !state_->exclude.matches_folder(folder);
}

Admission IndexBuilder::add(std::string_view path, Bytes content) {
  State& state = *state_;
  if (const Admission admission = admits(path, content.size()); !is_in(admission)) {
    return admission;
  }
  FileText file_text;
  read_text(content, file_text);
  if (!is_in(file_text.admission)) return file_text.admission;
  const std::string_view text = file_text.text;
  const FileForm form = form_of(path);
  std::vector<Chunk> chunks = split_chunks(text, form);
  if (chunks.empty()) return Admission::empty;

  state.text_bytes += text.size();
  state.paths.emplace(path);
  // Past a limit finish() fails anyway: keep nothing more.
  if (state.passes_limits()) state.add(path, text, chunks, form);
  return file_text.admission;
}

Result<std::vector<std::uint8_t>> IndexBuilder::finish(PackSink sink) && {
  State& state = *state_;
  const limits::Pack& limits = state.options.limits;
  if (!state.passes_limits()) {
    return too_large("More files or more text than a pack may hold (" +
                     std::to_string(limits.files) + " files, " + std::to_string(limits.text_bytes) +
                     " bytes).");
  }
  std::sort(state.files.begin(), state.files.end(),
            [](const IndexedFile& a, const IndexedFile& b) { return a.path < b.path; });
  PackWriter writer(std::move(sink), 8);
  state.write_meta(writer);
  state.write_layout(writer);
  state.write_terms(writer);
  state.write_paths(writer);
  state.write_vectors(writer);
  state.write_text(writer);
  if (writer.size() > limits.pack_bytes) {
    return too_large("The pack would have " + std::to_string(writer.size()) + " bytes, more than " +
                     std::to_string(limits.pack_bytes) + ".");
  }
  return std::move(writer).finish();
}

Result<std::vector<std::uint8_t>> IndexBuilder::finish() && {
  std::vector<std::uint8_t> pack;
  const auto head = std::move(*this).finish([&](Bytes bytes) {
    pack.insert(pack.end(), bytes.begin(), bytes.end());
    return true;
  });
  if (!head) return head.error();
  std::copy(head->begin(), head->end(), pack.begin());
  return pack;
}

}  // namespace weir::retrieval
