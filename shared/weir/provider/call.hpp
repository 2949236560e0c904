#pragma once

#include <string>

#include "weir/json/json.hpp"
#include "weir/provider/provider.hpp"
#include "weir/provider/provider_errors.hpp"

namespace weir::provider {

/// One call of a provider: what its request and its codec are made of. Good while those who own
/// these are.
struct Call {
  const Provider& provider;
  const Model& model;
  const prompt::Prompt& prompt;
  const limits::Provider& limits;
  const Attempt& attempt;

  /// The key of this attempt; empty where none is configured.
  const std::string& key() const {
    const auto& more = provider.more_keys;
    return attempt.key == 0 || attempt.key > more.size() ? provider.api_key : more[attempt.key - 1];
  }

  /// Whoever goes on with an answer has thought already; and a model that must call a tool does not
  /// think: DashScope, and Anthropic where thinking has a budget, refuse the two together.
  bool thinks() const {
    return model.reasoning_model && attempt.prefix.empty() && !prompt.tool_choice.forces_a_call();
  }
};

inline ErrorContext error_context(const Call& call, Hints hints) {
  ErrorContext context;
  context.provider = call.provider.name;
  context.model = call.model.id;
  context.api_key = call.key();
  context.question = call.prompt.question;
  context.hints = std::move(hints);
  return context;
}

/// Appends `,"name":value` where there is a value, which is JSON already.
inline void append_setting(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(name).append("\":").append(value);
}

/// The same for text, which may be empty.
inline void append_text_setting(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  json::append_string(out, text);
}

}  // namespace weir::provider
