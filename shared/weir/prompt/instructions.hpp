#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "weir/prompt/request.hpp"

namespace weir::prompt {

/// The languages that answers come in: deepwiki-open's code, and the language in words for the
/// model. Longer codes stand before those that they begin with.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> languages = {{
    {"en", "English"},
    {"ja", "Japanese"},
    {"zh-tw", "Traditional Chinese"},
    {"zh", "Simplified Chinese"},
    {"es", "Spanish"},
    {"kr", "Korean"},
    {"vi", "Vietnamese"},
    {"pt-br", "Brazilian Portuguese"},
    {"fr", "French"},
    {"ru", "Russian"},
}};

/// The answer's language in words for the model: "Japanese" for "ja". Codes are deepwiki-open's,
/// in any case, or ones that begin with them ("pt-BR", "en-US"); English for any other.
std::string_view language_name(std::string_view code);

/// The system prompt: how to answer, how to cite, and that passages are data; in research also what
/// the turn is for, and how it says what is to come after it (research_signal.hpp).
std::string instructions(const ChatRequest& request);

}  // namespace weir::prompt
