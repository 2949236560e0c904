#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/relay/core.hpp"
#include "weir/relay/failures.hpp"

namespace weir::relay {
namespace {

void remove(std::vector<ReaderId>& from, ReaderId id) {
  const auto found = std::find(from.begin(), from.end(), id);
  if (found == from.end()) return;
  *found = from.back();
  from.pop_back();
}

/// Against mistakes, not against an adversary: who holds the key owns the answer.
std::uint64_t fingerprint(const prompt::ChatRequest& request) {
  return fnv1a(prompt::write_request(request));
}

}  // namespace

ReaderId Relay::Core::open_reader() {
  readers_.emplace(++last_reader_, Reader{});
  return last_reader_;
}

Relay::Core::Reader* Relay::Core::find_reader(ReaderId id) {
  const auto found = readers_.find(id);
  return found == readers_.end() ? nullptr : &found->second;
}

std::optional<Id128> Relay::Core::answer_of(ReaderId id) const {
  const auto found = readers_.find(id);
  return found == readers_.end() ? std::nullopt : found->second.id;
}

std::optional<stream::EntryView> Relay::Core::next(ReaderId id) {
  Reader* const reader = find_reader(id);
  if (!reader) return std::nullopt;
  if (!reader->own.empty()) return show_own(*reader);
  std::optional<stream::EntryView> entry;
  Answer* const answer = reader->asker ? reader->asker->answer.get() : nullptr;
  if (answer) entry = answer->log.next(reader->after, config_.answer.joined_delta_bytes, joined_);
  if (entry) {
    const auto* gap = std::get_if<stream::Gap>(&entry->event);
    reader->after = gap ? gap->kept_from - 1 : entry->cursor;
    moved(*answer, reader->after);
    show_as_its_own(*entry, *reader->asker);
  } else if (!reader->waiting) {
    reader->waiting = true;
    if (answer) answer->waiting.push_back(id);
  }
  return entry;
}

std::optional<stream::EntryView> Relay::Core::show_own(Reader& reader) {
  shown_ = std::move(reader.own.front());
  reader.own.erase(reader.own.begin());
  return stream::view(shown_);
}

/// The log's `accepted` is for all who share it.
void Relay::Core::show_as_its_own(stream::EntryView& entry, const Asker& asker) {
  const auto* event = std::get_if<const stream::Event*>(&entry.event);
  const auto* accepted = event ? std::get_if<stream::Accepted>(*event) : nullptr;
  if (!accepted) return;
  stream::Accepted its = *accepted;
  its.answer = asker.id;
  its.reused = asker.reused;
  shown_ = {entry.cursor, std::move(its)};
  entry = stream::view(shown_);
}

/// What lies behind the reader who is ahead may be lost to the others; what lies before it must not
/// be lost to all: then the provider is read on once that reader has caught up.
void Relay::Core::moved(Answer& answer, stream::Cursor after) {
  answer.furthest = std::max(answer.furthest, after);
  if (answer.run && answer.run->paused) keep_within_reach(answer);
}

std::vector<stream::Entry> Relay::Core::read(ReaderId id, std::size_t bytes_most) {
  std::vector<stream::Entry> entries;
  std::size_t bytes = 0;
  while (entries.empty() || bytes < bytes_most) {
    const auto entry = next(id);
    if (!entry) break;
    entries.push_back(stream::to_entry(*entry));
    bytes += stream::footprint(entries.back().event);
  }
  return entries;
}

void Relay::Core::wake(ReaderId id, Reader& reader) {
  if (!reader.waiting) return;
  reader.waiting = false;
  actions_.push_back(WakeReader{id});
}

void Relay::Core::tell(ReaderId id, stream::Entry entry) {
  Reader* const reader = find_reader(id);
  if (!reader) return;
  reader->own.push_back(std::move(entry));
  wake(id, *reader);
}

void Relay::Core::refuse(ReaderId id, stream::Failed failed) {
  Meters::count(meters_.refused, name(failed.error.code));
  tell(id, {0, std::move(failed)});
}

void Relay::Core::attach(ReaderId id, Asker& asker, stream::Cursor after) {
  if (asker.readers.size() >= config_.answer.readers_per_answer) {
    return refuse(id, answer_crowded(config_.answer));
  }
  Answer& answer = *asker.answer;
  Reader& reader = *find_reader(id);
  WEIR_ASSERT(!reader.id);
  reader.asker = &asker;
  reader.id = asker.id;
  // Who has read an ended answer to its last event hears its end once more, rather than nothing
  // ever.
  if (answer.log.ended()) after = std::min(after, answer.log.last() - 1);
  reader.after = after;
  asker.readers.push_back(id);
  moved(answer, after);
  wake_or_wait(id, reader, answer);
  read_again(answer);
}

/// Of a reader that waits, and has just come to this answer.
void Relay::Core::wake_or_wait(ReaderId id, Reader& reader, Answer& answer) {
  if (reader.after < answer.log.last()) {
    wake(id, reader);
  } else {
    answer.waiting.push_back(id);
  }
}

/// There is somebody to read it.
void Relay::Core::read_again(Answer& answer) {
  if (!answer.run || !answer.run->linger_until) return;
  answer.run->linger_until.reset();
  arm(*answer.run);
  hold_place(*answer.run, false);
}

void Relay::Core::on(Ask& input) {
  if (!find_reader(input.reader)) return;
  if (Asker* const asker = answers_.find_by_key(input.key)) return find_asked(input, *asker);
  if (const auto why = spent_keys_.find(input.key)) {
    const bool cancelled = *why == SpentKeys::Why::cancelled;
    return refuse(input.reader, cancelled ? key_spent_by_cancel() : answer_forgotten());
  }
  if (!make_room()) return refuse(input.reader, edge_full(config_.answer));
  const std::uint64_t print = fingerprint(input.request);
  auto planned = plan(std::move(input.request));
  if (!planned) return refuse(input.reader, refused(planned.error()));
  planned->run.client = input.client;
  if (const auto full = admission_.refusal(admission_ask(planned->run, 0), now_)) {
    return refuse(input.reader, not_admitted(*full));
  }
  attach(input.reader, begin(input, print, *std::move(planned)), 0);
}

void Relay::Core::find_asked(const Ask& input, Asker& asker) {
  if (asker.fingerprint != fingerprint(input.request)) return refuse(input.reader, key_reused());
  ++meters_.resumes;
  attach(input.reader, asker, 0);
}

void Relay::Core::on(Attach& input) {
  if (!find_reader(input.reader)) return;
  Asker* const asker = answers_.find(input.answer);
  if (!asker) return refuse(input.reader, answer_unknown());
  const stream::Cursor last = asker->answer->log.last();
  if (input.after > last) return refuse(input.reader, cursor_beyond_log(last));
  ++meters_.resumes;
  attach(input.reader, *asker, input.after);
}

void Relay::Core::on(Detach& input) {
  Reader* const reader = find_reader(input.reader);
  if (!reader) return;
  if (Asker* const asker = reader->asker) {
    remove(asker->readers, input.reader);
    remove(asker->answer->waiting, input.reader);
    if (asker->answer->run) left(*asker->answer);
  }
  readers_.erase(input.reader);
}

/// One of the readers of a running answer has gone: perhaps the last, or the one ahead.
void Relay::Core::left(Answer& answer) {
  answer.furthest = 0;
  for (const Asker* asker : answer.askers) {
    for (const ReaderId id : asker->readers) {
      answer.furthest = std::max(answer.furthest, find_reader(id)->after);
    }
  }
  if (!answer.has_readers() && !answer.run->linger_until) {
    answer.run->linger_until = now_ + config_.answer.linger;
    arm(*answer.run);
    hold_place(*answer.run, true);
  }
  keep_within_reach(answer);
}

void Relay::Core::on(Cancel& input) {
  Asker* const asker = answers_.find_by_key(input.key);
  if (!asker) return cancel_unknown(input);
  if (input.answer && *input.answer != asker->id) {
    return refuse(input.reader, not_this_answers_key());
  }
  if (asker->answer->run) part(*asker, cancelled_by_asker());
  tell(input.reader, asker->answer->log.back());
}

/// Who names an answer has heard of it, so no ask of theirs is still on its way.
void Relay::Core::cancel_unknown(const Cancel& input) {
  if (input.answer) {
    const bool known = answers_.find(*input.answer) != nullptr;
    return refuse(input.reader, known ? not_this_answers_key() : answer_unknown());
  }
  spent_keys_.add(input.key, SpentKeys::Why::cancelled, now_ + config_.answer.retention);
  refuse(input.reader, key_spent_by_cancel());
}

}  // namespace weir::relay
