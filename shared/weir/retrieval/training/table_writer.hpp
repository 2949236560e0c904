#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "corpus.hpp"
#include "trainer.hpp"

namespace weir::training {

/// The table (word_table.hpp) of the corpus' first `words` words, two bits a component.
std::vector<std::uint8_t> write_table(const Corpus& corpus, const std::vector<Row>& rows,
                                      std::size_t words);

}  // namespace weir::training
