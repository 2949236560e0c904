#include "weir/retrieval/file_analyst.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "weir/retrieval/declarations.hpp"
#include "weir/retrieval/forward_index.hpp"
#include "weir/text/html_page.hpp"

namespace weir::retrieval {
namespace {

void count_up(std::uint16_t& counter) {
  if (counter < std::numeric_limits<std::uint16_t>::max()) ++counter;
}

/// False where a line was too long and is cut.
bool has_whole_lines(std::string_view text, const Chunk& chunk) {
  return (chunk.begin == 0 || text[chunk.begin - 1] == '\n') &&
         (chunk.end == text.size() || text[chunk.end] == '\n');
}

}  // namespace

AnalysedFile FileAnalyst::analyse(std::string_view path, Bytes content, std::uint64_t stamp) {
  if (!tracking_.key) return analyse_anew(path, content);
  const Origin origin{siphash(*tracking_.key, content), stamp};
  auto known = tracking_.earlier ? tracking_.earlier->with_content(path, origin.content)
                                 : std::optional<AnalysedFile>();
  AnalysedFile file = known ? *std::move(known) : analyse_anew(path, content);
  file.origin = origin;
  return file;
}

std::optional<AnalysedFile> FileAnalyst::unchanged(std::string_view path,
                                                   std::uint64_t stamp) const {
  return tracking_.earlier ? tracking_.earlier->with_stamp(path, stamp) : std::nullopt;
}

AnalysedFile FileAnalyst::analyse_anew(std::string_view path, Bytes content) {
  AnalysedFile file;
  file.path = path;
  FileText read;
  read_text(path, content, read);
  file.admission = read.admission;
  if (!is_in(read.admission)) return file;
  const FileForm form = form_of(path);
  std::vector<std::string_view> names;  // of the lines of code
  const std::vector<Chunk> chunks = split_chunks(read.text, form, &names);
  if (chunks.empty()) {
    file.admission = Admission::empty;
    return file;
  }
  begin_file();
  count_path(path);
  std::size_t name = 0;
  for (const Chunk& chunk : chunks) {
    const std::string_view text = read.text.substr(chunk.begin, chunk.end - chunk.begin);
    if (form == FileForm::html) {
      const std::string lines = text::to_be_read(text);
      count_chunk(text, defined_names(lines, form));
      continue;
    }
    if (is_prose(form) || !has_whole_lines(read.text, chunk)) {
      count_chunk(text, defined_names(text, form));
      continue;
    }
    while (name < names.size() && names[name].data() < text.data()) ++name;
    const std::size_t first = name;
    while (name < names.size() && names[name].data() < text.data() + text.size()) ++name;
    count_chunk(text, std::span(names).subspan(first, name - first));
  }
  find_rows();
  file.text_bytes = read.text.size();
  file.chunks = static_cast<std::uint32_t>(chunks.size());
  std::vector<std::uint8_t> text;
  file.blocks = append_blocks(text, path, read.text, chunks);
  text.shrink_to_fit();
  file.text = std::move(text);
  file.vectors = directions();
  file.phrases = phrases_;
  file.terms = {terms_, pack_occurrences(occurrences_)};
  file.keys = &vocabulary_.keys();
  return file;
}

void FileAnalyst::begin_file() {
  terms_.clear();
  occurrences_.clear();
  phrases_.clear();
}

/// A term's place in the file's list.
std::uint32_t FileAnalyst::place_of(std::uint32_t term) {
  if (term >= place_of_.size()) place_of_.resize(vocabulary_.size() * 2);
  std::uint32_t& place = place_of_[term];
  if (place >= terms_.size() || terms_[place] != term) {
    place = static_cast<std::uint32_t>(terms_.size());
    terms_.push_back(term);
  }
  return place;
}

/// That of the chunk at hand.
Occurrence& FileAnalyst::occurrence(std::uint32_t place) {
  if (place >= occurrence_of_.size()) occurrence_of_.resize(terms_.size() * 2);
  auto& text = occurrences_.text;
  const std::size_t begin = occurrences_.chunk_ends.empty() ? 0 : occurrences_.chunk_ends.back();
  std::size_t& at = occurrence_of_[place];
  if (at < begin || at >= text.size() || text[at].place != place) {
    at = text.size();
    text.push_back({place, 0, 0});
  }
  return text[at];
}

/// Calls `count(place)` for each term, as often as it stands there.
template <class Count>
void FileAnalyst::each_term(std::string_view text, Count&& count) {
  analyzer_.analyze(
      text,
      [&](std::string_view word, std::uint64_t hash) {
        for (const std::uint32_t term : vocabulary_.terms_of(word, hash)) count(place_of(term));
      },
      [&](const RawTerm& raw) { count(place_of(vocabulary_.number(raw))); });
}

void FileAnalyst::count_path(std::string_view path) {
  auto& counts = occurrences_.path;
  const auto at = [&](std::uint32_t place) -> PathOccurrence& {
    if (place == counts.size()) counts.emplace_back();
    return counts[place];
  };
  each_term(path, [&](std::uint32_t place) { count_up(at(place).path); });
  each_term(file_stem(path), [&](std::uint32_t place) { count_up(at(place).file_name); });
}

void FileAnalyst::count_chunk(std::string_view text, std::span<const std::string_view> names) {
  coder_.begin();
  each_term(text, [&](std::uint32_t place) {
    count_up(occurrence(place).body);
    coder_.add_part(part(terms_[place]));
  });
  for (const std::string_view name : names) {
    name_.clear();
    each_term(name, [&](std::uint32_t place) {
      count_up(occurrence(place).names);
      const PhrasePart& of = part(terms_[place]);
      if (of.is_part()) name_.push_back(of);
    });
    coder_.add_name(name_);
  }
  occurrences_.chunk_ends.push_back(occurrences_.text.size());
  phrases_.insert(phrases_.end(), coder_.code().begin(), coder_.code().end());
}

/// Of all terms that the vocabulary has by now.
void FileAnalyst::find_parts() {
  while (parts_.size() < vocabulary_.size()) {
    const std::string_view key = vocabulary_.keys()[static_cast<std::uint32_t>(parts_.size())];
    parts_.push_back(kind_of(key) == TermKind::part ? phrase_part(key.substr(1)) : PhrasePart());
  }
}

void FileAnalyst::find_rows() {
  if (!words_) words_.emplace(table_);
  for (auto term = static_cast<std::uint32_t>(rows_.size()); term < vocabulary_.size(); ++term) {
    const std::string_view key = vocabulary_.keys()[term];
    rows_.push_back(kind_of(key) == TermKind::part ? words_->find(key.substr(1)) : TextWords::none);
  }
}

/// Each chunk's direction: its words and those of its path.
std::vector<std::uint8_t> FileAnalyst::directions() const {
  const auto add = [&](TextSum& sum, std::uint32_t place, std::uint16_t times) {
    const std::uint32_t row = rows_[terms_[place]];
    if (row != TextWords::none && times > 0) sum.add(words_->row(row), times);
  };
  TextSum of_path;
  for (std::uint32_t place = 0; place < occurrences_.path.size(); ++place)
    add(of_path, place, occurrences_.path[place].path);
  std::vector<std::uint8_t> vectors;
  vectors.reserve(occurrences_.chunks() * code_bytes);
  for (std::size_t i = 0; i < occurrences_.chunks(); ++i) {
    TextSum sum = of_path;
    for (const Occurrence& at : occurrences_.chunk(i)) add(sum, at.place, at.body);
    const VectorCode code = sum.code();
    vectors.insert(vectors.end(), code.begin(), code.end());
  }
  return vectors;
}

}  // namespace weir::retrieval
