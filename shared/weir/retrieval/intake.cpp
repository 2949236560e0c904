#include "weir/retrieval/intake.hpp"

#include <utility>

namespace weir::retrieval {

void IntakeReport::count(std::string_view path, std::uint64_t bytes, Admission admission) {
  Fate& fate = fates_[static_cast<std::size_t>(admission)];
  ++fate.files;
  fate.bytes += bytes;
  // What simply went in is in the pack, and can be listed from there.
  if (admission != Admission::added && fate.paths.size() < paths_most_) {
    fate.paths.emplace_back(path);
  }
}

Intake::Intake(IndexOptions options, const WordTable& words)
    : report_(options.limits.reported_paths), builder_(std::move(options), words) {}

bool Intake::enters(std::string_view folder) {
  const bool excluded = !builder_.enters(folder);
  if (!excluded && !ignored_.ignores_folder(folder)) return true;
  report_.count(std::string(folder) + "/", 0, excluded ? Admission::excluded : Admission::ignored);
  return false;
}

bool Intake::admits(std::string_view path, std::uint64_t size) {
  Admission admission = builder_.admits(path, size);
  if (is_in(admission) && ignored_.ignores(path)) admission = Admission::ignored;
  if (is_in(admission)) return true;
  report_.count(path, size, admission);
  return false;
}

bool Intake::add(std::string_view path, Bytes content, std::uint64_t stamp) {
  if (!analyst_) analyst_ = &new_analyst();
  return add(analyst_->analyse(path, content, stamp), content.size());
}

bool Intake::add(AnalysedFile file, std::uint64_t bytes) {
  const std::string path = file.path;
  const Admission admission = builder_.add(std::move(file));
  report_.count(path, bytes, admission);
  return is_in(admission);
}

bool Intake::add_unchanged(std::string_view path, std::uint64_t bytes, std::uint64_t stamp) {
  const std::optional<Admission> admission = builder_.add_unchanged(path, stamp);
  if (admission) report_.count(path, bytes, *admission);
  return admission.has_value();
}

void Intake::name_commit(std::string_view commit) {
  const bool whole = commit.size() == 40 || commit.size() == 64;  // SHA-1, SHA-256
  const bool hexadecimal = commit.find_first_not_of("0123456789abcdef") == commit.npos;
  if (whole && hexadecimal) builder_.name_commit(std::string(commit));
}

void Intake::name_repository(std::string_view repository) {
  builder_.name_repository(std::string(repository));
}

void Intake::leave_out(std::string_view path, std::uint64_t size, Admission why) {
  report_.count(path, size, why);
}

}  // namespace weir::retrieval
