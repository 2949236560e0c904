#pragma once

#include <string>

#include "weir/provider/provider.hpp"
#include "weir/relay/http_head.hpp"
#include "weir/stream/event.hpp"

/// What the parts of OpenAI's interface have in common.
namespace weir::relay {

/// Sets the provider by the model where that is one that this catalog lists, or begins with a
/// provider's name and a slash; otherwise the model is the default provider's. A provider that is
/// named already stays.
void choose_by_model(std::string& provider, std::string& model, const provider::Catalog& catalog);

/// The response to a request that failed before anything of it was sent.
HttpHead failed_head(const stream::Failed& failed);

}  // namespace weir::relay
