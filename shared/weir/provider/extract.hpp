#pragma once

#include <memory>
#include <string>

#include "weir/provider/provider.hpp"

namespace weir::provider {

/// An answer without a model: the lines of the prompt's passages that fit the question best, as
/// Markdown with citations. Deterministic. Passages are hostile text: what comes of them is either
/// in a fenced block that they cannot close, or has its Markdown and HTML characters escaped.
std::unique_ptr<LocalStream> extract_answer(const prompt::Prompt& prompt);

/// The same answer in one piece.
std::string compose_extract(const prompt::Prompt& prompt);

}  // namespace weir::provider
