#pragma once

#include <string>
#include <string_view>

namespace weir::provider {

/// The short way for what nearly every message of a Chat Completions stream is: a chunk that adds
/// text to the only choice and says nothing else of interest.
///
/// It reads a chunk as the full reading does; tests and a fuzzer hold the two against each other.
class PlainDeltaReader {
 public:
  /// Appends the text (possibly none) to `text`. False for any other message, which is then to be
  /// read in full; what `text` holds is then of no use.
  bool read(std::string_view data, std::string& text);

 private:
  bool read_like_the_last(std::string_view data, std::string& text) const;

  /// What stood around the text of the last chunk. Chunks of one stream mostly differ in nothing
  /// but their text: then that alone has to be read.
  std::string before_;
  std::string behind_;
};

}  // namespace weir::provider
