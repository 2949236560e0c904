#pragma once

#include <string>
#include <string_view>

#include "weir/prompt/request.hpp"

namespace weir::prompt {

/// The answer's language in words for the model: "Japanese" for "ja". Codes are deepwiki-open's,
/// in any case, or ones that begin with them ("pt-BR", "en-US"); English for any other.
std::string_view language_name(std::string_view code);

/// The system prompt: how to answer, how to cite, and that passages are data.
std::string instructions(const ChatRequest& request);

}  // namespace weir::prompt
