#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/provider/provider.hpp"
#include "weir/provider/provider_errors.hpp"

namespace weir::provider {

/// The key of this attempt; empty where none is configured.
const std::string& key_of(const Provider& provider, const Attempt& attempt);

/// One call of a provider: what its request and its codec are made of. Good while those who own
/// these are.
struct Call {
  const Provider& provider;
  const Model& model;
  const prompt::Prompt& prompt;
  const limits::Provider& limits;
  const Attempt& attempt;

  const std::string& key() const { return key_of(provider, attempt); }
  const prompt::Generation& generation() const { return prompt.generation; }

  // What is sent: what the request says, else what is set for the model, as JSON; empty: nothing,
  // so that the server's own setting holds, as it does for models that are not known.

  /// The most tokens of the answer.
  std::string answer_tokens() const;
  const std::string& temperature() const;
  const std::string& top_p() const;

  /// Whether a model that can think is asked to. Whoever goes on with an answer has thought
  /// already; and a model that must call a tool does not think: DashScope, and Anthropic where
  /// thinking has a budget, refuse the two together.
  bool thinks() const;
};

ErrorContext error_context(const Call& call, Hints hints);

/// Appends `,"name":value` where there is a value, which is JSON already.
void append_setting(std::string& out, std::string_view name, std::string_view value);
/// The same for text, which may be empty.
void append_text_setting(std::string& out, std::string_view name, std::string_view text);
/// The same for texts; nothing where there are none.
void append_text_settings(std::string& out, std::string_view name,
                          const std::vector<std::string>& texts);

/// Appends the settings that providers have under OpenAI's names: penalties, seed and stop.
void append_generation(std::string& out, const prompt::Generation& generation);
/// Appends `,"response_format":...` as OpenAI has it, where it is not plain text.
void append_response_format(std::string& out, const prompt::Generation& generation);

}  // namespace weir::provider
