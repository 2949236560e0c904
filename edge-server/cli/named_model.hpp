#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"
#include "weir/provider/provider.hpp"

namespace weir::cli {

/// A model for embeddings that can be asked.
struct NamedModel {
  provider::Provider provider;
  std::string model;
};

/// By "PROVIDER:MODEL", with the address and the keys that the environment has for that provider,
/// under the names that weir-edge knows, or the edge's config file (may be empty). Fails with
/// invalid_request where the provider is not configured, or has no embeddings or not of so many
/// dimensions (0: the model's own).
Result<NamedModel> find_model(std::string_view name, std::string_view model,
                              std::uint32_t dimensions, const std::string& config);

/// The same model, asked through an edge at this address, which is told WEIR_ACCESS (a code or a
/// token, where it wants one).
NamedModel model_at_edge(std::string_view provider, std::string_view model,
                         const std::string& edge);

}  // namespace weir::cli
