#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/time.hpp"
#include "weir/stream/event.hpp"
#include "weir/wire/trace.hpp"

namespace weir::relay {

/// What became of an answer, for the host's records: nothing of what was asked or answered, and
/// neither its id nor its key, which are secrets of those who asked.
struct AnswerReport {
  std::string_view outcome;  ///< `done`, or the code of the error that ended it
  stream::Reused reused = stream::Reused::no;
  std::string provider;                ///< who was asked last
  std::string model;                   ///< CallFigures::other_models where it is not a listed one
  wire::Trace trace;                   ///< id 0: none
  std::uint32_t prompt_tokens = 0;     ///< by our count; 0: there was no prompt
  std::optional<stream::Usage> usage;  ///< by the provider's
  std::optional<stream::Price> price;  ///< where it is configured
  std::uint32_t calls = 0;             ///< of providers, made for this asker
  Duration waited{};                   ///< for its turn
  std::optional<Duration> first;       ///< from the ask to the first of the answer
  Duration whole{};                    ///< from the ask to the end
};

}  // namespace weir::relay
