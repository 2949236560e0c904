#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/boundary.hpp"
#include "engine/json_values.hpp"
#include "weir/base/id128.hpp"
#include "weir/retrieval/forward_index.hpp"
#include "weir/retrieval/intake.hpp"

namespace weir::boundary {
namespace {

using retrieval::Admission;
using retrieval::Intake;
using retrieval::IntakeReport;

using Owner = std::shared_ptr<const void>;

/// An earlier pack, which unchanged files are taken from, and its forward index.
struct Earlier {
  Owner pack, forward;
  retrieval::ForwardIndex index;
};

/// A pack in the making, and the table of words that its vectors come from.
struct Index {
  Owner owner;
  retrieval::ByteStore words;
  retrieval::WordTable table;
  std::optional<Id128> key;  ///< that contents are hashed with; none: it is never refreshed
  std::optional<Earlier> earlier;
  std::optional<Intake> intake;
  std::vector<std::uint8_t> pack, forward;  ///< once it is finished
};

Handles<Index> indexes;

Index& index_of(std::uint32_t handle) {
  Index* const index = indexes.find(handle);
  WEIR_ASSERT(index && index->intake);
  return *index;
}

Intake& intake_of(std::uint32_t handle) {
  return *index_of(handle).intake;
}

/// With the same one a file is unchanged. `modified` is in milliseconds; 0: not known, or so short
/// a time ago that it could be changed again unseen.
std::uint64_t stamp_of(const Index& index, double size, double modified) {
  if (!index.key || modified <= 0) return 0;
  std::vector<std::uint8_t> told;
  store_little_endian(told, static_cast<std::uint64_t>(size));
  store_little_endian(told, static_cast<std::uint64_t>(modified));
  return siphash(*index.key, told).low;
}

retrieval::IndexOptions options_of(const json::Value& value) {
  retrieval::IndexOptions options;
  options.repository = json::string_or(value, "repository");
  options.commit = json::string_or(value, "commit");
  options.time =
      static_cast<std::uint64_t>(std::max<std::int64_t>(json::integer_or(value, "time", 0), 0));
  options.include = strings_of(value, "include");
  options.exclude = strings_of(value, "exclude");
  return options;
}

void open_index(std::string_view options, std::shared_ptr<const void> owner, Bytes words) {
  const Result<json::Value> parsed = json::parse(options);
  if (!parsed) return fail(parsed.error());
  auto index = std::make_unique<Index>(
      Index{std::move(owner), retrieval::ByteStore(words), {}, {}, {}, {}, {}, {}});
  auto table = retrieval::WordTable::open(index->words);
  if (!table) return fail(table.error());
  index->table = **std::move(table);
  index->intake.emplace(options_of(*parsed), index->table);
  index->key = id128_from_hex(json::string_or(*parsed, "key"));
  if (index->key) index->intake->track(*index->key);
  give(json::Value{{"index", indexes.open(std::move(index))}});
}

/// What only a host can find of a file.
Admission found_by_host(std::string_view why) {
  constexpr std::array<std::pair<std::string_view, Admission>, 4> known = {
      {{"link", Admission::link},
       {"encrypted", Admission::encrypted},
       {"too_large", Admission::too_large},
       {"unreadable", Admission::unreadable}}};
  for (const auto& [name, admission] : known) {
    if (name == why) return admission;
  }
  return Admission::unreadable;
}

template <class Visit>
void each_fate(const IntakeReport& report, Visit visit) {
  for (std::size_t i = 1; i < retrieval::admission_count; ++i) {
    const auto admission = static_cast<Admission>(i);
    if (report.of(admission).files > 0) visit(admission, report.of(admission));
  }
}

json::Value progress_of(const Intake& intake) {
  json::Value skipped = json::Value::object();
  each_fate(intake.report(), [&](Admission admission, const IntakeReport::Fate& fate) {
    if (!retrieval::is_in(admission)) {
      skipped[std::string(retrieval::reason(admission))] = fate.files;
    }
  });
  return {{"files", intake.builder().files()},
          {"bytes", intake.builder().bytes()},
          {"chunks", intake.builder().chunks()},
          {"skipped", std::move(skipped)}};
}

json::Value report_of(const Intake& intake) {
  json::Value report = {{"converted", json::Value::array()}, {"left_out", json::Value::array()}};
  each_fate(intake.report(), [&](Admission admission, const IntakeReport::Fate& fate) {
    report[retrieval::is_in(admission) ? "converted" : "left_out"].push_back(
        {{"reason", retrieval::reason(admission)},
         {"files", fate.files},
         {"bytes", fate.bytes},
         {"paths", fate.paths}});
  });
  return report;
}

/// What cannot be used is passed over: then all is indexed afresh.
bool refresh(Index& index, Owner pack_owner, Bytes pack, Owner forward_owner, Bytes forward) {
  WEIR_ASSERT(index.key && !index.earlier);
  auto opened = retrieval::ForwardIndex::open(pack, forward, index.table.checksum());
  if (!opened) return false;
  index.earlier.emplace(
      Earlier{std::move(pack_owner), std::move(forward_owner), *std::move(opened)});
  index.key = index.earlier->index.key();
  index.intake->refresh(index.earlier->index);
  return true;
}

retrieval::PackSink sink_into(std::vector<std::uint8_t>& out) {
  return [&out](Bytes part) {
    out.insert(out.end(), part.begin(), part.end());
    return true;
  };
}

void finish(Index& index) {
  WEIR_ASSERT(index.intake);
  const auto head = index.intake->write(sink_into(index.pack));
  if (!head) return fail(head.error());
  std::copy(head->begin(), head->end(), index.pack.begin());
  if (index.key) {
    const auto beginning = index.intake->write_forward(*head, sink_into(index.forward));
    if (!beginning) return fail(beginning.error());
    std::copy(beginning->begin(), beginning->end(), index.forward.begin());
  }
  index.intake.reset();
  lend(index.pack);
}

std::uint64_t size_of(double size) {
  WEIR_ASSERT(size >= 0);
  return static_cast<std::uint64_t>(size);
}

}  // namespace
}  // namespace weir::boundary

// Sizes of files are doubles, as the host's numbers are. Each file is offered once (Intake).

using namespace weir::boundary;

/// Options {"repository", "commit"?, "time"?, "include"?, "exclude"?, "key"?}, and the table of
/// words (words.bin), whose allocation is taken over -> {"index": handle}. With a key, 32 random
/// hexadecimal digits, it can be refreshed later.
WEIR_EXPORT void weir_index_open(const std::uint8_t* options, std::uint32_t options_size,
                                 std::uint8_t* words, std::uint32_t words_size) {
  open_index(text_of(options, options_size), std::shared_ptr<const void>(words, std::free),
             bytes_of(words, words_size));
}

/// An earlier pack and its forward index, whose allocations are taken over; before the first file.
/// 0: they cannot be used.
WEIR_EXPORT std::uint32_t weir_index_refresh(std::uint32_t index, std::uint8_t* pack,
                                             std::uint32_t pack_size, std::uint8_t* forward,
                                             std::uint32_t forward_size) {
  return refresh(index_of(index), Owner(pack, std::free), bytes_of(pack, pack_size),
                 Owner(forward, std::free), bytes_of(forward, forward_size))
             ? 1
             : 0;
}

/// Adds a file that is known to be unchanged, unread; 0: it has to be read. `modified` is in
/// milliseconds since 1970; 0: not known, or too short a time ago.
WEIR_EXPORT std::uint32_t weir_index_unchanged(std::uint32_t index, const std::uint8_t* path,
                                               std::uint32_t path_size, double size,
                                               double modified) {
  Index& found = index_of(index);
  return found.intake->add_unchanged(text_of(path, path_size), size_of(size),
                                     stamp_of(found, size, modified))
             ? 1
             : 0;
}

/// The commit that the files are of, where it was not known at the beginning.
WEIR_EXPORT void weir_index_name_commit(std::uint32_t index, const std::uint8_t* commit,
                                        std::uint32_t commit_size) {
  intake_of(index).name_commit(text_of(commit, commit_size));
}

/// When it was made, in seconds since 1970, likewise.
WEIR_EXPORT void weir_index_name_time(std::uint32_t index, double seconds) {
  intake_of(index).name_time(size_of(seconds));
}

/// The repository's name, likewise.
WEIR_EXPORT void weir_index_name_repository(std::uint32_t index, const std::uint8_t* name,
                                            std::uint32_t name_size) {
  intake_of(index).name_repository(text_of(name, name_size));
}

/// The text of the .gitignore that lies in a folder, before what it speaks of.
WEIR_EXPORT void weir_index_ignore(std::uint32_t index, const std::uint8_t* folder,
                                   std::uint32_t folder_size, const std::uint8_t* text,
                                   std::uint32_t text_size) {
  intake_of(index).ignore(text_of(folder, folder_size), text_of(text, text_size));
}

/// 0: a folder not to walk into.
WEIR_EXPORT std::uint32_t weir_index_enters(std::uint32_t index, const std::uint8_t* folder,
                                            std::uint32_t folder_size) {
  return intake_of(index).enters(text_of(folder, folder_size)) ? 1 : 0;
}

/// By name and size alone; 0: a file not to read.
WEIR_EXPORT std::uint32_t weir_index_admits(std::uint32_t index, const std::uint8_t* path,
                                            std::uint32_t path_size, double size) {
  return intake_of(index).admits(text_of(path, path_size), size_of(size)) ? 1 : 0;
}

/// 0: left out after all. Copies what it keeps. `modified` as above.
WEIR_EXPORT std::uint32_t weir_index_add(std::uint32_t index, const std::uint8_t* path,
                                         std::uint32_t path_size, const std::uint8_t* content,
                                         std::uint32_t content_size, double modified) {
  Index& found = index_of(index);
  const bool added =
      found.intake->add(text_of(path, path_size), bytes_of(content, content_size),
                        stamp_of(found, static_cast<double>(content_size), modified));
  return added ? 1 : 0;
}

/// A file that the host does not offer: "link", "encrypted", "too_large" or "unreadable".
WEIR_EXPORT void weir_index_leave_out(std::uint32_t index, double size, const std::uint8_t* path,
                                      std::uint32_t path_size, const std::uint8_t* why,
                                      std::uint32_t why_size) {
  intake_of(index).leave_out(text_of(path, path_size), size_of(size),
                             found_by_host(text_of(why, why_size)));
}

/// -> {"files", "bytes", "chunks", "skipped": {reason: files}}.
WEIR_EXPORT void weir_index_progress(std::uint32_t index) {
  give(progress_of(intake_of(index)));
}

/// -> {"converted": [...], "left_out": [{"reason", "files", "bytes", "paths"}]}.
WEIR_EXPORT void weir_index_report(std::uint32_t index) {
  give(report_of(intake_of(index)));
}

/// The pack's bytes, which live until the index is closed. Nothing may be added any more.
WEIR_EXPORT void weir_index_finish(std::uint32_t index) {
  Index* const found = indexes.find(index);
  found ? finish(*found) : fail(no_such_handle("index"));
}

/// What the pack can be refreshed from, after that; empty without a key. It lives as long.
WEIR_EXPORT void weir_index_forward(std::uint32_t index) {
  Index* const found = indexes.find(index);
  found ? lend(found->forward) : fail(no_such_handle("index"));
}

WEIR_EXPORT void weir_index_close(std::uint32_t index) {
  indexes.take(index);
}
