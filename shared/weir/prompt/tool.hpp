#pragma once

#include <cstdint>
#include <string>

/// Functions that a model may ask its caller to call, as OpenAI's chat completions have them
/// (https://platform.openai.com/docs/guides/function-calling). Each codec writes them in its
/// provider's own form.
namespace weir::prompt {

/// A function offered to the model.
struct Tool {
  std::string name;
  std::string description;  ///< may be empty
  std::string parameters;   ///< JSON Schema of an object, as text; empty: it takes none
  bool strict = false;      ///< arguments must follow the schema, where the provider can see to it

  friend bool operator==(const Tool&, const Tool&) = default;
};

/// Whether the model is to call one.
struct ToolChoice {
  enum class Mode : std::uint8_t {
    automatic,  ///< the model decides
    none,
    required,  ///< one at least
    named,     ///< this one
  };
  Mode mode = Mode::automatic;
  std::string name;      ///< Mode::named
  bool parallel = true;  ///< it may call several at once

  /// The model has no choice but to call.
  bool forces_a_call() const { return mode == Mode::required || mode == Mode::named; }

  friend bool operator==(const ToolChoice&, const ToolChoice&) = default;
};

/// A call that the model made in an earlier message.
struct ToolCall {
  std::string id;  ///< by which the message with the result names it
  std::string name;
  std::string arguments;  ///< JSON as text; as the model wrote it, so it may be anything

  friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

}  // namespace weir::prompt
