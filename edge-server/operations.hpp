#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "reply.hpp"
#include "weir/provider/provider.hpp"

namespace weir::edge {

/// The models that a provider is known to have, its default first.
std::vector<std::string_view> model_ids(const provider::Provider& provider);

/// GET /v1/providers: what can be asked, as the page's token meter needs it.
Reply providers_reply(const provider::Catalog& catalog);

/// GET /v1/models: the same as OpenAI lists models, each under the name by which its provider is
/// asked (relay::choose_by_model).
Reply models_reply(const provider::Catalog& catalog);

/// GET /v1/models/{id}: one of them.
Reply model_reply(const provider::Catalog& catalog, std::string_view id);

/// GET /readyz: whether new work may be sent here; `why_not` is empty where it may.
Reply ready_reply(std::string_view why_not);

}  // namespace weir::edge
