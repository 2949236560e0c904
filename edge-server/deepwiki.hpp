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

/// GET /auth/status: whether the pages have to ask their reader for a code.
Reply sign_in_reply(bool required);
/// POST /auth/validate: whether the code is right. Then the browser is given it as a cookie, since
/// the pages send nothing of it when they chat.
Reply sign_in_code_reply(bool right, std::string_view cookie);
/// The code in its body, {"code": "..."}; empty where there is none.
std::string sign_in_code(std::string_view body);

/// GET /health: {status, timestamp, service}, the time in UTC as ISO 8601 has it.
Reply health_reply(std::int64_t unix_seconds);

}  // namespace weir::edge
