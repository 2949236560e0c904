#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/json/json.hpp"
#include "weir/provider/embeddings.hpp"

namespace weir::provider {

/// One call for embeddings; good while those who own its parts are.
struct EmbeddingCall {
  const Provider& provider;
  const std::string& model;
  const EmbeddingRequest& request;
  const Attempt& attempt;
};

/// How a provider takes and gives embeddings.
struct EmbeddingForm {
  std::size_t batch = 1;
  bool takes_tokens = false;
  bool takes_dimensions = true;
  HttpRequest (*write)(const EmbeddingCall& call) = nullptr;
  /// Fills `out`, whose vectors are as many as the inputs. False: the response is of another form.
  bool (*read)(const json::Value& response, Embeddings& out) = nullptr;
};

/// Null where there is none.
const EmbeddingForm* embedding_form(const Provider& provider, std::string_view model);

}  // namespace weir::provider
