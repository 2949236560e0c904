// train-word-table PAIRS.jsonl OUT.bin: see README.md.

#include <fstream>
#include <iostream>

#include "corpus.hpp"
#include "table_writer.hpp"
#include "trainer.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "Use: train-word-table PAIRS.jsonl OUT.bin\n";
    return 2;
  }
  // More words are learned with than are kept: the others' texts need them.
  constexpr std::size_t words_learned = 16384, words_kept = 8192;
  using namespace weir::training;
  const Corpus corpus = read_corpus(argv[1], words_learned);
  if (corpus.pairs.empty()) {
    std::cerr << "There are no pairs in " << argv[1] << ". Make them with make_pairs.mjs.\n";
    return 1;
  }
  std::cerr << corpus.pairs.size() << " pairs of " << corpus.packages << " packages, "
            << corpus.words.size() << " words\n";
  Trainer trainer(corpus, {});
  trainer.run();
  const auto table = write_table(corpus, trainer.rows(), words_kept);
  std::ofstream out(argv[2], std::ios::binary);
  out.write(reinterpret_cast<const char*>(table.data()),
            static_cast<std::streamsize>(table.size()));
  return out ? 0 : 1;
}
