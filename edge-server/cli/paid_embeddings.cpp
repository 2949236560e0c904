#include "paid_embeddings.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>
#include <string>

#include "earlier_pack.hpp"
#include "files.hpp"

namespace weir::cli {
namespace {

using retrieval::EmbeddingRecords;

/// A file with so many records or fewer is never worth the writing.
constexpr std::size_t records_least = 1000;

Error held(const std::filesystem::path& path) {
  return {ErrorCode::invalid_request, path.string() + " is in use.",
          "Wait for the other run of `weir index` to end."};
}

Error foreign(const std::filesystem::path& path) {
  return {ErrorCode::invalid_request, path.string() + " holds no embeddings.",
          "Move it out of the way, or choose another name for the pack."};
}

}  // namespace

std::filesystem::path embeddings_path(const std::filesystem::path& pack) {
  return pack.string() + ".embeddings";
}

PaidEmbeddings::PaidEmbeddings(std::filesystem::path path, int descriptor)
    : path_(std::move(path)),
      descriptor_(descriptor),
      head_(EmbeddingRecords::head(random_key())),
      records_(*EmbeddingRecords::read(head_)) {}

PaidEmbeddings::PaidEmbeddings(PaidEmbeddings&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      head_(std::move(other.head_)),
      file_(std::move(other.file_)),
      records_(std::move(other.records_)) {}

PaidEmbeddings::~PaidEmbeddings() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<PaidEmbeddings> PaidEmbeddings::open(std::filesystem::path path, std::ostream& errors) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  const bool is_there = descriptor >= 0 || errno != ENOENT;
  PaidEmbeddings kept(std::move(path), descriptor);
  if (!is_there) return kept;
  if (descriptor < 0) return kept.cannot_write();
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return held(kept.path_);
  if (auto sound = kept.cut_off_damage(errors); !sound) return sound.error();
  kept.reload();
  return kept;
}

Result<void> PaidEmbeddings::cut_off_damage(std::ostream& errors) const {
  const auto file = MappedFile::open(path_);
  const Bytes bytes = file ? file->bytes() : Bytes();
  if (!EmbeddingRecords::is_one(bytes)) return foreign(path_);
  const auto records = EmbeddingRecords::read(bytes);
  const std::size_t sound = records ? records->sound_bytes() : 0;
  if (sound < bytes.size()) {
    errors << "weir: " << path_.string() << ": " << bytes.size() - sound
           << " damaged bytes at its end are cut off.\n";
    if (::ftruncate(descriptor_, static_cast<off_t>(sound)) != 0) return cannot_write();
  }
  return sound > 0 ? Result<void>() : write(head_);
}

void PaidEmbeddings::reload() {
  records_ = *EmbeddingRecords::read(head_);
  file_.reset();
  if (auto mapped = MappedFile::open(path_)) file_.emplace(*std::move(mapped));
  auto records = file_ ? EmbeddingRecords::read(file_->bytes()) : std::nullopt;
  if (!records) return;
  records_ = *std::move(records);
  head_ = EmbeddingRecords::head(records_.key());
}

/// Who comes second finds the file there.
Result<void> PaidEmbeddings::create() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0 && errno == EEXIST) return held(path_);
  if (descriptor_ < 0) return cannot_write();
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return held(path_);
  return write(head_);
}

Result<void> PaidEmbeddings::add(std::span<const Paid> paid) {
  if (descriptor_ < 0) {
    if (auto created = create(); !created) return created;
  }
  std::vector<std::uint8_t> out;
  for (const auto& [text, direction] : paid) {
    EmbeddingRecords::append(
        out, text, {reinterpret_cast<const std::uint8_t*>(direction.data()), direction.size()});
  }
  return write(out);
}

Result<void> PaidEmbeddings::write(Bytes bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot_write();
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fdatasync(descriptor_) == 0 ? Result<void>() : cannot_write();
}

Error PaidEmbeddings::cannot_read() const {
  return {ErrorCode::internal, "Cannot read " + path_.string() + " any more.",
          "Check its folder and its permissions; then run this again."};
}

Error PaidEmbeddings::cannot_write() const {
  return {ErrorCode::internal, "Cannot write " + path_.string() + ".",
          "Check that its folder is there, may be written to and has room; then run this again: "
          "what is in that file is not paid for twice."};
}

Result<void> PaidEmbeddings::drop_all_but(std::span<const Hash128> used) {
  if (records_.count() < records_least || records_.count() < 2 * used.size()) return {};
  NewFile fresh(path_);
  std::vector<std::uint8_t> record;
  fresh.write(head_);
  for (const Hash128& text : used) {
    const auto direction = records_.find(text);
    if (!direction) continue;
    record.clear();
    EmbeddingRecords::append(record, text, *direction);
    fresh.write(record);
  }
  return fresh.commit(head_);
}

}  // namespace weir::cli
