#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "named_model.hpp"
#include "paid_embeddings.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/intake.hpp"

namespace weir::cli {

/// What `weir index` is told of embeddings.
struct EmbedSettings {
  std::string model;             ///< PROVIDER:MODEL; empty: none are wanted
  std::string config;            ///< the edge's config file; may be empty
  std::uint32_t dimensions = 0;  ///< 0: the model's own
  bool yes = false;              ///< agreed to what it costs
};

/// Has the chunks of a pack embedded by a provider's model: tells what it will cost, asks, and pays
/// for what no earlier run has paid for (PaidEmbeddings).
class PackEmbedding {
 public:
  /// Before the files are read: whether that model can be asked at all.
  static Result<PackEmbedding> prepare(const EmbedSettings& settings, const std::string& pack,
                                       std::ostream& errors);

  enum class Outcome : std::uint8_t { done, not_agreed };

  /// After that: puts what the pack is to carry into `intake`. Asks `input` where it is a terminal.
  /// This must outlive the writing of the pack.
  Result<Outcome> run(retrieval::Intake& intake, std::istream& input, std::ostream& errors);

  /// Once the pack is in its place: lets go of what it does not need.
  void finish();

 private:
  PackEmbedding(EmbedSettings settings, NamedModel model, std::string pack, PaidEmbeddings paid);

  /// A text to be paid for.
  struct Missing {
    Hash128 hash;
    std::string text;
  };

  Result<std::vector<Missing>> find_missing(retrieval::Intake& intake);
  Result<bool> agree(const std::vector<Missing>& missing, std::istream& input,
                     std::ostream& errors) const;
  Result<void> pay(std::vector<Missing> missing, std::ostream& errors);

  EmbedSettings settings_;
  std::string pack_;
  NamedModel model_;
  std::unique_ptr<PaidEmbeddings> paid_;
  retrieval::EmbeddingSpace space_;
  std::vector<Hash128> chunks_;  ///< the hashes of their texts
};

}  // namespace weir::cli
