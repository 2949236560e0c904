#include "answer_text.hpp"

#include "records.hpp"

namespace weir::bench {

bool AnswerText::take(std::string_view added, Nanoseconds at, Histogram* ages) {
  if (!unfinished_.empty()) {
    const std::string_view rest = added.substr(0, record_size - unfinished_.size());
    unfinished_ += rest;
    added.remove_prefix(rest.size());
    if (unfinished_.size() < record_size) return true;
    if (!take_record(unfinished_, at, ages)) return false;
    unfinished_.clear();
  }
  for (; added.size() >= record_size; added.remove_prefix(record_size)) {
    if (!take_record(added.substr(0, record_size), at, ages)) return false;
  }
  unfinished_ = added;
  return true;
}

bool AnswerText::take_record(std::string_view text, Nanoseconds at, Histogram* ages) {
  const auto record = read_record(text);
  if (!record || record->answer != answer_ || record->index != records_) return false;
  ++records_;
  if (ages) ages->add(at - record->sent_at);
  return true;
}

}  // namespace weir::bench
