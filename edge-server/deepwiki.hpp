#pragma once

#include <cstdint>

#include "reply.hpp"
#include "weir/provider/provider.hpp"

/// What deepwiki-open's pages ask their server beside the chat, in the shapes that they read
/// (AsyncFuncAI/deepwiki-open: api/api.py, and src/ for what is done with them).
namespace weir::edge {

/// GET /models/config: {providers: [{id, name, supportsCustomModel, models: [{id, name}]}],
/// defaultProvider}. The pages choose a provider's first model unless told otherwise.
Reply model_choice_reply(const provider::Catalog& catalog);

/// GET /lang/config: {default, supported_languages: {code: name}}. The pages have texts of their
/// own for just these codes.
Reply languages_reply();

/// GET /auth/status. The edge has no codes that guard it, so the pages ask for none.
Reply sign_in_reply();
/// POST /auth/validate: any code will do.
Reply sign_in_code_reply();

/// GET /health: {status, timestamp, service}, the time in UTC as ISO 8601 has it.
Reply health_reply(std::int64_t unix_seconds);

}  // namespace weir::edge
