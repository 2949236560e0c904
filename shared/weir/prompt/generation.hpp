#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::prompt {

/// What a request says of how its answer is to be written, after OpenAI's chat completions
/// (https://platform.openai.com/docs/api-reference/chat/create), whose members' names are in the
/// comments. What is not said is the model's own setting, or the edge's. Numbers are JSON's, as
/// text: they reach the provider as they came.
struct Generation {
  std::string temperature;                     ///< temperature: 0 to 2
  std::string top_p;                           ///< top_p: 0 to 1
  std::string frequency_penalty;               ///< frequency_penalty: -2 to 2
  std::string presence_penalty;                ///< presence_penalty: -2 to 2
  std::string seed;                            ///< seed: a whole number
  std::optional<std::uint32_t> answer_tokens;  ///< max_completion_tokens, or max_tokens
  std::vector<std::string> stop;               ///< stop: the answer ends before any of these
  /// reasoning_effort: none, minimal, low, medium, high, xhigh; a hint, followed where there is
  /// something like it.
  std::string reasoning_effort;

  enum class Format : std::uint8_t { text, json_object, json_schema };
  Format format = Format::text;  ///< response_format.type
  std::string format_name;       ///< response_format.json_schema.name
  std::string format_schema;     ///< response_format.json_schema.schema: JSON Schema, as text
  bool format_strict = false;    ///< response_format.json_schema.strict

  friend bool operator==(const Generation&, const Generation&) = default;
};

}  // namespace weir::prompt
