#include "weir/retrieval/index_builder.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/json/json.hpp"
#include "weir/retrieval/default_excludes.hpp"
#include "weir/retrieval/file_analyst.hpp"
#include "weir/retrieval/file_table.hpp"
#include "weir/retrieval/forward_index.hpp"
#include "weir/retrieval/inverter.hpp"
#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/pack_error.hpp"
#include "weir/retrieval/pack_terms.hpp"
#include "weir/retrieval/term_order.hpp"
#include "weir/retrieval/vocabulary.hpp"

namespace weir::retrieval {
namespace {

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
  const WordTable& word_table;
  Tracking tracking;
  std::vector<std::unique_ptr<FileAnalyst>> analysts;
  std::vector<AnalysedFile> files;
  std::set<std::string, std::less<>> paths;
  std::size_t chunk_count = 0;
  std::uint64_t text_bytes = 0;
  std::optional<EmbeddingSpace> embedding_space;
  EmbeddingSource embeddings;

  State(IndexOptions o, const WordTable& t)
      : options(std::move(o)),
        include(options.include),
        exclude(default_excludes()),
        word_table(t) {
    for (const std::string& pattern : options.exclude) exclude.add(pattern);
  }

  FileAnalyst& new_analyst() {
    return *analysts.emplace_back(std::make_unique<FileAnalyst>(word_table, tracking));
  }

  bool passes_limits() const {
    return files.size() <= options.limits.files && text_bytes <= options.limits.text_bytes;
  }

  void sort_files() {
    std::sort(files.begin(), files.end(),
              [](const AnalysedFile& a, const AnalysedFile& b) { return a.path < b.path; });
  }

  /// The vocabularies that the files' terms are numbered in.
  std::vector<const StringList*> vocabularies() const {
    std::vector<const StringList*> lists;
    for (const AnalysedFile& file : files) {
      if (std::find(lists.begin(), lists.end(), file.keys) == lists.end())
        lists.push_back(file.keys);
    }
    return lists;
  }

  /// Numbers all files' terms anew, in the order of the dictionary; its keys.
  std::vector<std::string_view> order_terms(const Workers& workers) {
    const std::vector<const StringList*> lists = vocabularies();
    const TermOrder order(lists, workers);
    std::vector<std::uint32_t> number(order.keys().size());
    for (AnalysedFile& file : files) {
      const auto list = static_cast<std::size_t>(std::find(lists.begin(), lists.end(), file.keys) -
                                                 lists.begin());
      for (std::uint32_t& term : file.terms.terms) {
        term = order.number(list, term);
        number[term] = 1;
      }
    }
    // A vocabulary may have terms of files that are not in this pack.
    std::vector<std::string_view> keys;
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (number[i] == 0) continue;
      number[i] = static_cast<std::uint32_t>(keys.size());
      keys.push_back(order.keys()[i]);
    }
    if (keys.size() == number.size()) return keys;
    for (AnalysedFile& file : files) {
      for (std::uint32_t& term : file.terms.terms) term = number[term];
    }
    return keys;
  }

  std::optional<Inverter> invert(std::vector<InvertedFile>& inverted,
                                 const std::vector<std::string_view>& keys,
                                 const Workers& workers) const {
    for (const AnalysedFile& file : files)
      inverted.push_back({file.terms.terms, file.terms.occurrences, file.chunks});
    const auto first_whole =
        std::partition_point(keys.begin(), keys.end(),
                             [](std::string_view key) { return kind_of(key) == TermKind::part; });
    return Inverter::over(inverted, static_cast<std::uint32_t>(keys.size()),
                          static_cast<std::uint32_t>(first_whole - keys.begin()), workers);
  }

  void write_meta(PackWriter& writer, std::size_t terms) const {
    json::Value meta = {{"builder", format::builder},
                        {"repository", options.repository},
                        {"commit", options.commit},
                        {"time", options.time},
                        {"include", strings(options.include)},
                        {"exclude", strings(options.exclude)},
                        {"files", files.size()},
                        {"chunks", chunk_count},
                        {"terms", terms},
                        {"text_bytes", text_bytes}};
    writer.begin(format::Section::meta);
    writer.write(as_bytes(json::write(meta)));
  }

  void write_layout(PackWriter& writer) const {
    FileTableWriter table;
    for (const AnalysedFile& file : files) {
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
    for (const AnalysedFile& file : files) {
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

  void write_vectors(PackWriter& writer) const {
    std::vector<std::uint8_t> head;
    store_little_endian(head, word_table.checksum());
    store_little_endian(head, static_cast<std::uint32_t>(vector_dimensions));
    writer.begin(format::Section::vectors);
    writer.write(head);
    for (const AnalysedFile& file : files) writer.write(file.vectors);
  }

  void write_phrases(PackWriter& writer) const {
    writer.begin(format::Section::phrases);
    for (const AnalysedFile& file : files) writer.write(file.phrases);
  }

  void write_embeddings(PackWriter& writer) const {
    writer.begin(format::Section::embeddings);
    writer.write(write_embeddings_head(*embedding_space));
    for (std::uint32_t chunk = 0; chunk < chunk_count; ++chunk) {
      const Bytes direction = embeddings(chunk);
      WEIR_ASSERT(direction.size() == embedding_space->dimensions);
      writer.write(direction);
    }
  }

  void write_text(PackWriter& writer) const {
    writer.begin(format::Section::text);
    for (const AnalysedFile& file : files) writer.write(file.text);
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

void IndexBuilder::name_time(std::uint64_t seconds) {
  state_->options.time = seconds;
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

void IndexBuilder::track(const Id128& key) {
  state_->tracking = {key, nullptr};
}

void IndexBuilder::refresh(const ForwardIndex& earlier) {
  state_->tracking = {earlier.key(), &earlier};
}

std::optional<Admission> IndexBuilder::add_unchanged(std::string_view path, std::uint64_t stamp) {
  const ForwardIndex* const earlier = state_->tracking.earlier;
  auto known = earlier ? earlier->with_stamp(path, stamp) : std::optional<AnalysedFile>();
  if (!known) return std::nullopt;
  return add(*std::move(known));
}

FileAnalyst& IndexBuilder::new_analyst() {
  return state_->new_analyst();
}

Admission IndexBuilder::add(std::string_view path, Bytes content, std::uint64_t stamp) {
  const Admission admission = admits(path, content.size());
  if (!is_in(admission)) return admission;
  auto& analysts = state_->analysts;
  return add((analysts.empty() ? new_analyst() : *analysts.front()).analyse(path, content, stamp));
}

Admission IndexBuilder::add(AnalysedFile file) {
  State& state = *state_;
  if (!is_in(file.admission)) return file.admission;
  if (!state.paths.insert(file.path).second) return Admission::duplicate;
  const Admission admission = file.admission;
  state.text_bytes += file.text_bytes;
  // Past a limit finish() fails anyway: keep nothing more.
  if (!state.passes_limits()) return admission;
  state.chunk_count += file.chunks;
  state.files.push_back(std::move(file));
  return admission;
}

Result<void> IndexBuilder::each_chunk(const ChunkVisitor& visit) {
  state_->sort_files();
  for (const AnalysedFile& file : state_->files) {
    Bytes left = file.text;
    for (const StoredBlock& stored : file.blocks) {
      const auto bytes =
          static_cast<std::size_t>(std::min<std::uint64_t>(stored.bytes, left.size()));
      const auto block = read_block(left.first(bytes), stored.chunks);
      if (!block) return block.error();
      for (const TextBlock::Chunk& chunk : block->chunks) visit(file.path, block->text_of(chunk));
      left = left.subspan(bytes);
    }
  }
  return {};
}

void IndexBuilder::carry_embeddings(EmbeddingSpace space, EmbeddingSource source) {
  state_->embedding_space = std::move(space);
  state_->embeddings = std::move(source);
}

Result<std::vector<std::uint8_t>> IndexBuilder::write(PackSink sink, const Workers& workers) {
  State& state = *state_;
  const limits::Pack& limits = state.options.limits;
  if (!state.passes_limits()) {
    return too_large("More files or more text than a pack may hold (" +
                     std::to_string(limits.files) + " files, " + std::to_string(limits.text_bytes) +
                     " bytes).");
  }
  state.sort_files();
  const std::vector<std::string_view> keys = state.order_terms(workers);
  std::vector<InvertedFile> inverted;
  const std::optional<Inverter> inverter = state.invert(inverted, keys, workers);
  // What was analysed here is sound; what an earlier pack left behind need not be.
  if (!inverter) return damaged("what is kept for refreshing it is not as it was written");
  PackWriter writer(std::move(sink), state.embedding_space ? 10 : 9);
  state.write_meta(writer, keys.size());
  state.write_layout(writer);
  write_terms(writer, *inverter, keys, state.chunk_count, workers);
  state.write_paths(writer);
  state.write_vectors(writer);
  state.write_phrases(writer);
  if (state.embedding_space) state.write_embeddings(writer);
  state.write_text(writer);
  if (writer.size() > limits.pack_bytes) {
    return too_large("The pack would have " + std::to_string(writer.size()) + " bytes, more than " +
                     std::to_string(limits.pack_bytes) + ".");
  }
  return std::move(writer).finish();
}

Result<std::vector<std::uint8_t>> IndexBuilder::write_forward(Bytes pack_head,
                                                              PackSink sink) const {
  WEIR_ASSERT(state_->tracking.key);
  return write_forward_index(state_->files, *state_->tracking.key, pack_head,
                             state_->word_table.checksum(), std::move(sink));
}

Result<std::vector<std::uint8_t>> IndexBuilder::finish() && {
  std::vector<std::uint8_t> pack;
  const auto head = write([&](Bytes bytes) {
    pack.insert(pack.end(), bytes.begin(), bytes.end());
    return true;
  });
  if (!head) return head.error();
  std::copy(head->begin(), head->end(), pack.begin());
  return pack;
}

}  // namespace weir::retrieval
