#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/provider/call.hpp"
#include "weir/provider/conversation.hpp"

namespace weir::provider {

/// The Chat Completions API (https://platform.openai.com/docs/api-reference/chat/create), as
/// OpenAI and compatible servers speak it.
HttpRequest openai_request(const Call& call);

/// Reads the response: a stream of chat.completion.chunk events, one chat.completion object from
/// servers that ignore `stream`, or an error body.
std::unique_ptr<StreamCodec> openai_codec(const Call& call);

// What servers of the same API with other rules are made from.

/// What such a server wants in another way than OpenAI.
struct OpenAiDialect {
  /// The member that limits the answer. Reasoning models of OpenAI refuse `max_tokens`, other
  /// servers know nothing else.
  std::string_view output_limit = "max_completion_tokens";
  /// Whether `reasoning_effort` is known; where it is not, `more` may say the same.
  bool reasoning_effort = true;
  std::string more;  ///< further members of the body: `,"name":value`
  MessageDialect messages = {};
};

std::string openai_body(const Call& call, const OpenAiDialect& dialect);

/// A request with this body to the path below the provider's base URL, the key as a bearer's.
HttpRequest openai_request(const Call& call, std::string_view path, std::string body);

/// The same codec with errors in another provider's words.
std::unique_ptr<StreamCodec> openai_codec(ErrorContext context, const limits::Provider& limits);

}  // namespace weir::provider
