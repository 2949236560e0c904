#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/siphash.hpp"
#include "weir/retrieval/admission.hpp"
#include "weir/retrieval/file_terms.hpp"
#include "weir/retrieval/held_bytes.hpp"
#include "weir/retrieval/string_table.hpp"
#include "weir/retrieval/text_block.hpp"

namespace weir::retrieval {

/// By what it is seen later that a file is still the same.
struct Origin {
  Hash128 content;  ///< of its bytes as they came
  /// Told by the host, for which a file with the same one has the same content; 0: it cannot tell.
  std::uint64_t stamp = 0;
};

/// What a pack holds of one file. It depends on the file's path and content alone, whatever else
/// the pack holds.
struct AnalysedFile {
  std::string path;
  Admission admission = Admission::added;  ///< with any that is not in, all below is empty
  Origin origin;
  std::uint64_t text_bytes = 0;
  std::uint32_t chunks = 0;
  HeldBytes text;  ///< its blocks, one behind the other
  std::vector<StoredBlock> blocks;
  HeldBytes vectors;  ///< the code of each chunk's direction
  HeldBytes phrases;  ///< that of each chunk's phrases
  FileTerms terms;
  const StringList* keys = nullptr;  ///< what `terms` are numbers in
};

}  // namespace weir::retrieval
