#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::cli {

/// By whom questions are embedded.
struct QuestionSettings {
  bool offline = false;  ///< by nobody
  std::string edge;      ///< through an edge at this address; empty: by the provider itself
  std::string config;    ///< the edge's config file; may be empty
};

/// Has questions embedded by the models of the packs that are asked. Where that cannot be done it
/// says so, once, and what works offline ranks.
class QuestionEmbedder {
 public:
  QuestionEmbedder(QuestionSettings settings, std::span<const retrieval::Pack* const> packs,
                   std::ostream& errors);

  /// False: no question is embedded, there is no use in gathering some.
  bool has_work() const { return !spaces_.empty(); }

  /// Each question in all the spaces that it could be embedded in.
  std::vector<std::vector<retrieval::QuestionEmbedding>> embed(
      const std::vector<std::string>& questions);

 private:
  Result<void> embed_in(const retrieval::EmbeddingSpace& space,
                        const std::vector<std::string>& questions,
                        std::vector<std::vector<retrieval::QuestionEmbedding>>& out) const;

  QuestionSettings settings_;
  std::ostream& errors_;
  std::vector<retrieval::EmbeddingSpace> spaces_;
};

}  // namespace weir::cli
