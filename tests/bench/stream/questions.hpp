#pragma once

#include <cstdint>
#include <string>

namespace weir::bench {

/// The same question for every protocol, with the answer's number in it.
std::string question_text(std::uint64_t answer);

/// Body of a chat completion: with instructions about as long as those that Weir's edge sends.
std::string chat_completion(std::uint64_t answer);

/// Weir's request: without passages, so that nothing is searched.
std::string weir_request(std::uint64_t answer);

/// 32 hexadecimal digits, never the same again.
std::string fresh_key();

}  // namespace weir::bench
