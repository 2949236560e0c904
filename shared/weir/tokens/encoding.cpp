#include "weir/tokens/encoding.hpp"

#include <algorithm>
#include <string>

#include "weir/text/utf8.hpp"
#include "weir/tokens/ascii_words.hpp"
#include "weir/tokens/bpe.hpp"
#include "weir/tokens/split.hpp"

namespace weir::tokens {
namespace {

constexpr std::size_t fast_bytes = std::max(ascii_word_reads_bytes, Vocabulary::readable_bytes);

}  // namespace

Result<Encoding> Encoding::load(Bytes bytes) {
  Result<std::unique_ptr<const Vocabulary>> vocabulary = Vocabulary::load(bytes);
  if (!vocabulary) return vocabulary.error();
  return Encoding(std::move(*vocabulary));
}

/// What is counted: the text itself, or a copy in `storage`, repaired where it is no UTF-8 and
/// normalised where the encoding says so.
std::string_view Encoding::prepared(std::string_view text, std::string& storage) const {
  const std::string_view valid = text::repaired(text, storage);
  const Normalizer& normalizer = vocabulary_->normalizer();
  const std::size_t unchanged = normalizer.unchanged_prefix(valid);
  if (unchanged == valid.size()) return valid;
  std::string normalized(valid.substr(0, unchanged));
  normalizer.append(normalized, valid.substr(unchanged));
  storage = std::move(normalized);
  return storage;
}

std::size_t Encoding::count(std::string_view text) const {
  std::string storage;
  return encode_prepared(prepared(text, storage), nullptr);
}

void Encoding::encode(std::string_view text, std::vector<Token>& out) const {
  std::string storage;
  encode_prepared(prepared(text, storage), &out);
}

std::size_t Encoding::encode_prepared(std::string_view text, std::vector<Token>* out) const {
  return name() == EncodingName::o200k_base ? encode_as<EncodingName::o200k_base>(text, out)
                                            : encode_as<EncodingName::cl100k_base>(text, out);
}

/// `pattern` is this encoding or one whose words of ASCII letters are the same.
template <EncodingName pattern>
std::size_t Encoding::encode_as(std::string_view text, std::vector<Token>* out) const {
  std::size_t count = 0;
  std::size_t at = 0;
  // Up to here what is read beyond a piece is still text.
  const std::size_t readable = text.size() - std::min(text.size(), fast_bytes);
  while (at < readable) {
    std::size_t end = ascii_word_end(pattern, text, at);
    if (end == 0) end = next_piece(name(), text, at).end;
    const std::string_view piece = std::string_view(text.data() + at, end - at);
    const Token whole = vocabulary_->find(piece, text.size() - at);
    if (whole == no_token) {
      count += encode_several(*vocabulary_, piece, text.size() - at, out);
    } else {
      if (out) out->push_back(whole);
      ++count;
    }
    at = end;
  }
  while (at < text.size()) {
    const std::size_t end = next_piece(name(), text, at).end;
    count += encode_piece(*vocabulary_, std::string_view(text.data() + at, end - at), out);
    at = end;
  }
  return count;
}

}  // namespace weir::tokens
