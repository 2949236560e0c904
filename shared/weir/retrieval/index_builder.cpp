#include "weir/retrieval/index_builder.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/retrieval/chunker.hpp"
#include "weir/retrieval/declarations.hpp"
#include "weir/retrieval/default_excludes.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/retrieval/inverter.hpp"
#include "weir/retrieval/pack_writer.hpp"
#include "weir/retrieval/postings.hpp"
#include "weir/retrieval/vocabulary.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {
namespace {

constexpr std::string_view builder_name = "weir 0.1.0";

struct IndexedFile {
  std::string path;
  std::string text;
  std::uint32_t lines = 0;
  std::vector<Chunk> chunks;
  std::vector<Occurrence> occurrences;       ///< of all chunks, one after another
  std::vector<std::size_t> occurrence_ends;  ///< of each chunk
  std::vector<PathOccurrence> path_occurrences;
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
  Analyzer analyzer;
  Counter<Occurrence> text_counter;
  Counter<PathOccurrence> path_counter;

  explicit State(IndexOptions o)
      : options(std::move(o)), include(options.include), exclude(default_excludes()) {
    for (const std::string& pattern : options.exclude) exclude.add(pattern);
  }

  bool passes_limits() const {
    return files.size() <= options.limits.files && text_bytes <= options.limits.pack_bytes;
  }

  void count_path(IndexedFile& file) {
    path_counter.begin(file.path_occurrences);
    analyzer.analyze(file.path, [&](const RawTerm& raw) {
      count_up(path_counter.at(vocabulary.number(raw)).path);
    });
    analyzer.analyze(file_stem(file.path), [&](const RawTerm& raw) {
      count_up(path_counter.at(vocabulary.number(raw)).file_name);
    });
  }

  void count_chunk(IndexedFile& file, const Chunk& chunk, FileForm form) {
    const std::string_view text =
        std::string_view(file.text).substr(chunk.begin, chunk.end - chunk.begin);
    text_counter.begin(file.occurrences);
    analyzer.analyze(
        text, [&](const RawTerm& raw) { count_up(text_counter.at(vocabulary.number(raw)).body); });
    for (const std::string_view name : defined_names(text, form)) {
      analyzer.analyze(name, [&](const RawTerm& raw) {
        count_up(text_counter.at(vocabulary.number(raw)).names);
      });
    }
    file.occurrence_ends.push_back(file.occurrences.size());
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
    writer.append(json::write(meta));
  }

  void write_files(PackWriter& writer) const {
    writer.begin(format::Section::files);
    std::uint64_t text_at = 0;
    std::uint32_t path_at = 0, chunk_at = 0;
    for (const IndexedFile& file : files) {
      auto& out = writer.bytes();
      store_little_endian(out, text_at);
      store_little_endian(out, static_cast<std::uint32_t>(file.text.size()));
      store_little_endian(out, path_at);
      store_little_endian(out, static_cast<std::uint32_t>(file.path.size()));
      store_little_endian(out, file.lines);
      store_little_endian(out, chunk_at);
      store_little_endian(out, static_cast<std::uint32_t>(file.chunks.size()));
      store_little_endian(out, prior_of(file.path));
      text_at += file.text.size();
      path_at += static_cast<std::uint32_t>(file.path.size());
      chunk_at += static_cast<std::uint32_t>(file.chunks.size());
    }
    writer.begin(format::Section::paths);
    for (const IndexedFile& file : files) writer.append(file.path);
  }

  void write_chunks(PackWriter& writer) const {
    writer.begin(format::Section::chunks);
    std::uint32_t number = 0;
    for (const IndexedFile& file : files) {
      for (const Chunk& chunk : file.chunks) {
        auto& out = writer.bytes();
        store_little_endian(out, number);
        store_little_endian(out, static_cast<std::uint32_t>(chunk.begin));
        store_little_endian(out, static_cast<std::uint32_t>(chunk.end - chunk.begin));
        store_little_endian(out, chunk.start_line);
        store_little_endian(out, chunk.end_line);
      }
      ++number;
    }
  }

  std::vector<std::uint32_t> sorted_terms() const {
    std::vector<std::uint32_t> terms(vocabulary.size());
    for (std::uint32_t i = 0; i < terms.size(); ++i) terms[i] = i;
    std::sort(terms.begin(), terms.end(), [&](std::uint32_t a, std::uint32_t b) {
      return vocabulary.key(a) < vocabulary.key(b);
    });
    return terms;
  }

  std::vector<Document> chunk_documents() const {
    std::vector<Document> documents;
    for (const IndexedFile& file : files) {
      std::size_t begin = 0;
      for (const std::size_t end : file.occurrence_ends) {
        documents.push_back(
            {std::span(file.occurrences).subspan(begin, end - begin), file.path_occurrences});
        begin = end;
      }
    }
    return documents;
  }

  std::vector<Document> file_documents() const {
    std::vector<Document> documents;
    for (const IndexedFile& file : files)
      documents.push_back({file.occurrences, file.path_occurrences});
    return documents;
  }

  void write_terms(PackWriter& writer) const {
    const std::vector<Document> chunks = chunk_documents(), whole_files = file_documents();
    const Inverter by_chunk(chunks, vocabulary.kinds(), bm25f::chunk_level);
    const Inverter by_file(whole_files, vocabulary.kinds(), bm25f::file_level);
    const std::vector<std::uint32_t> terms = sorted_terms();

    std::vector<std::uint32_t> postings_ends;
    writer.begin(format::Section::postings);
    const std::size_t begin = writer.bytes().size();
    for (const std::uint32_t term : terms) {
      append_list(writer.bytes(), by_chunk.of(term), chunks.size(), false);
      append_list(writer.bytes(), by_file.of(term), whole_files.size(), true);
      postings_ends.push_back(static_cast<std::uint32_t>(writer.bytes().size() - begin));
    }
    writer.begin(format::Section::terms);
    std::uint32_t key_end = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      key_end += static_cast<std::uint32_t>(vocabulary.key(terms[i]).size());
      store_little_endian(writer.bytes(), key_end);
      store_little_endian(writer.bytes(), postings_ends[i]);
    }
    writer.begin(format::Section::term_text);
    for (const std::uint32_t term : terms) writer.append(vocabulary.key(term));
  }

  /// Postings that would add nothing to a score are left out, unless they tell of a definition.
  static void append_list(std::vector<std::uint8_t>& out, std::span<const TermWeight> weights,
                          std::size_t documents, bool with_definitions) {
    const bm25f::Fixed idf = bm25f::idf(documents, weights.size());
    std::vector<Posting> kept;
    for (const TermWeight& weight : weights) {
      const std::uint32_t impact = bm25f::impact(idf, weight.tf);
      const bool defines = with_definitions && weight.defines != 0;
      if (impact > 0 || defines) kept.push_back({weight.document, impact, defines});
    }
    append_number(out, static_cast<std::uint32_t>(kept.size()));
    std::uint32_t next = 0;
    for (const Posting& posting : kept) {
      append_number(out, posting.document - next);
      append_number(out, with_definitions ? posting.impact << 1 | (posting.defines ? 1U : 0U)
                                          : posting.impact);
      next = posting.document + 1;
    }
  }

  /// Each chunk's direction: its words and those of its path.
  void write_vectors(PackWriter& writer) const {
    const WordTable& table = WordTable::built_in();
    std::vector<std::optional<std::uint32_t>> rows;
    for (std::uint32_t term = 0; term < vocabulary.size(); ++term) {
      const bool part = vocabulary.kinds()[term] == TermKind::part;
      rows.push_back(part ? table.find(vocabulary.key(term).substr(1)) : std::nullopt);
    }
    const auto add = [&](VectorSum& sum, std::uint32_t term, std::uint16_t times) {
      if (const auto row = rows[term]; row && times > 0) {
        sum.add(table.vector(*row), table.text_weight(*row), times);
      }
    };
    writer.begin(format::Section::vectors);
    store_little_endian(writer.bytes(), table.checksum());
    store_little_endian(writer.bytes(), static_cast<std::uint32_t>(vector_dimensions));
    for (const IndexedFile& file : files) {
      VectorSum of_path;
      for (const PathOccurrence& at : file.path_occurrences) add(of_path, at.term, at.path);
      std::size_t begin = 0;
      for (const std::size_t end : file.occurrence_ends) {
        VectorSum sum = of_path;
        for (; begin < end; ++begin)
          add(sum, file.occurrences[begin].term, file.occurrences[begin].body);
        for (const std::int8_t component : sum.direction())
          writer.bytes().push_back(static_cast<std::uint8_t>(component));
      }
    }
  }

  void write_text(PackWriter& writer) const {
    writer.begin(format::Section::text);
    for (const IndexedFile& file : files) writer.append(file.text);
  }
};

IndexBuilder::IndexBuilder(IndexOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;
IndexBuilder::~IndexBuilder() = default;

void IndexBuilder::name_commit(std::string commit) {
  state_->options.commit = std::move(commit);
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
  IndexedFile& file = state.files.emplace_back();
  // Past a limit finish() fails anyway: keep nothing more.
  if (!state.passes_limits()) return file_text.admission;
  file.path = path;
  file.text = text;
  file.lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) +
               (text.back() != '\n');
  file.chunks = std::move(chunks);
  state.chunk_count += file.chunks.size();
  state.count_path(file);
  for (const Chunk& chunk : file.chunks) state.count_chunk(file, chunk, form);
  return file_text.admission;
}

Result<std::vector<std::uint8_t>> IndexBuilder::finish() && {
  State& state = *state_;
  const limits::Pack& limits = state.options.limits;
  if (!state.passes_limits()) {
    return too_large("More files or more text than a pack may hold (" +
                     std::to_string(limits.files) + " files, " + std::to_string(limits.pack_bytes) +
                     " bytes).");
  }
  std::sort(state.files.begin(), state.files.end(),
            [](const IndexedFile& a, const IndexedFile& b) { return a.path < b.path; });
  PackWriter writer(9);
  state.write_meta(writer);
  state.write_files(writer);
  state.write_chunks(writer);
  state.write_terms(writer);
  state.write_vectors(writer);
  state.write_text(writer);
  std::vector<std::uint8_t> pack = std::move(writer).finish();
  if (pack.size() > limits.pack_bytes) {
    return too_large("The pack would have " + std::to_string(pack.size()) + " bytes, more than " +
                     std::to_string(limits.pack_bytes) + ".");
  }
  return pack;
}

}  // namespace weir::retrieval
