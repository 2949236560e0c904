#include "weir/retrieval/term_dictionary.hpp"

#include <algorithm>
#include <utility>

#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/pack_error.hpp"

namespace weir::retrieval {
namespace {

constexpr std::uint32_t key_bytes_most = 255;

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

void append_text(std::vector<std::uint8_t>& out, std::string_view text) {
  append_number(out, text.size());
  out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

void TermDictionaryWriter::add(std::string_view key, std::uint32_t chunks,
                               std::uint64_t postings_bytes) {
  if (in_block_ == terms_in_block) end_block();
  std::size_t shared = common_prefix(previous_, key);
  if (in_block_ == 0) {
    block_key_ = key.substr(0, shared + 1);
    shared = 0;
  }
  append_number(out_.terms, shared);
  append_text(out_.terms, key.substr(shared));
  append_number(out_.terms, chunks);
  append_number(out_.terms, postings_bytes);
  previous_ = key;
  block_postings_ += postings_bytes;
  ++in_block_;
}

void TermDictionaryWriter::end_block() {
  append_text(out_.index, block_key_);
  append_number(out_.index, out_.terms.size() - block_begin_);
  append_number(out_.index, block_postings_);
  block_begin_ = out_.terms.size();
  block_postings_ = 0;
  in_block_ = 0;
}

TermDictionaryWriter::Sections TermDictionaryWriter::finish() && {
  if (in_block_ > 0) end_block();
  return std::move(out_);
}

bool read_keys(Bytes terms, StringList& out) {
  NumberReader reader(terms);
  std::string key, before;
  while (!reader.at_end()) {
    key.resize(reader.number(static_cast<std::uint32_t>(key.size())));
    key.append(as_text(reader.take(reader.number(key_bytes_most))));
    reader.number();  // of its chunks
    reader.number();  // of its postings' bytes
    if (!reader.ok() || key <= before) return false;
    out.push_back(key);
    before = key;
  }
  return true;
}

bool TermDictionary::open(Bytes index, ByteRange terms, ByteRange postings) {
  terms_ = terms;
  postings_ = postings;
  NumberReader reader(index);
  Block block{};
  while (!reader.at_end()) {
    const std::string_view key = as_text(reader.take(reader.number(key_bytes_most)));
    if (!blocks_.empty() && key <= key_of(blocks_.size() - 1)) return false;
    keys_.append(key);
    block.key_end = static_cast<std::uint32_t>(keys_.size());
    blocks_.push_back(block);
    block.begin += reader.number();
    block.postings += reader.number();
    if (!reader.ok() || block.begin > terms.length || block.postings > postings.length)
      return false;
  }
  blocks_.push_back(block);
  return reader.ok() && block.begin == terms.length && block.postings == postings.length;
}

std::string_view TermDictionary::key_of(std::size_t block) const {
  const std::uint32_t begin = block == 0 ? 0 : blocks_[block - 1].key_end;
  return std::string_view(keys_).substr(begin, blocks_[block].key_end - begin);
}

Read<TermEntry> TermDictionary::find(const ByteStore& store, std::string_view key) const {
  std::size_t low = 0, high = blocks_.size() - 1;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (key_of(middle) <= key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return std::optional(TermEntry{});
  const Block &block = blocks_[low - 1], &next = blocks_[low];
  const auto bytes = store.read({terms_.offset + block.begin, next.begin - block.begin});
  if (!bytes) return std::optional<TermEntry>();
  NumberReader reader(*bytes);
  std::string at;
  ByteRange postings{block.postings, 0};
  while (!reader.at_end()) {
    const std::uint32_t shared = reader.number(static_cast<std::uint32_t>(at.size()));
    at.resize(shared);
    at.append(as_text(reader.take(reader.number(key_bytes_most))));
    const std::uint32_t chunks = reader.number(UINT32_MAX);
    postings.offset = postings.end();
    postings.length = reader.number();
    if (!reader.ok() || postings.length > next.postings - postings.offset) {
      return damaged("its terms are not as they were written");
    }
    if (at == key) {
      return std::optional(
          TermEntry{chunks, {postings_.offset + postings.offset, postings.length}});
    }
    if (at > key) break;
  }
  return std::optional(TermEntry{});
}

}  // namespace weir::retrieval
