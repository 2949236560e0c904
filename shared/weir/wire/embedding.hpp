#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"

/// OpenAI's embeddings, asked for and given
/// (https://platform.openai.com/docs/api-reference/embeddings).
namespace weir::wire {

struct EmbeddingRequest {
  std::string provider;            ///< provider, which is the edge's own; mostly empty
  std::string model;               ///< model
  std::vector<std::string> texts;  ///< input: a string, or an array of them
  std::vector<std::vector<std::uint32_t>> tokens;  ///< input, in their place: tokens, or arrays
  std::optional<std::uint32_t> dimensions;         ///< dimensions
  bool base64 = false;  ///< encoding_format: the vectors' floats as bytes, not as numbers
};

/// Reads and validates one; the first wrong member is named.
Result<EmbeddingRequest> read_embedding_request(std::string_view json,
                                                const limits::Request& limits = {});

/// The response's body. In base64 a vector is its 32-bit floats, the least significant byte first.
std::string write_embeddings(std::string_view model, const std::vector<std::vector<float>>& vectors,
                             std::uint32_t prompt_tokens, bool base64);

}  // namespace weir::wire
