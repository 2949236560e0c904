// A file of its own: programs that bring the table themselves, as WebAssembly does, are linked
// without these bytes.
#include "weir/base/assert.hpp"
#include "weir/retrieval/word_table.hpp"

// The file words.bin, put here by the build.
extern "C" const unsigned char weir_embedded_words[], weir_embedded_words_end[];

namespace weir::retrieval {

const WordTable& WordTable::built_in() {
  static const ByteStore store(Bytes(weir_embedded_words, weir_embedded_words_end));
  static const WordTable table = [] {
    Read<WordTable> read = open(store);
    WEIR_ASSERT(read && *read);
    return **std::move(read);
  }();
  return table;
}

}  // namespace weir::retrieval
