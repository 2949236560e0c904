#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/base/error.hpp"
#include "weir/base/id128.hpp"
#include "weir/base/passage.hpp"
#include "weir/base/time.hpp"

/// What can happen in an answer: meaning, not wire. wire/ writes and reads these.
namespace weir::stream {

/// A position in an answer's log. Grows with every logged event; 0 is before the first.
using Cursor = std::uint64_t;

struct DroppedPassage {
  PassageRef passage;
  std::string why;  ///< a plain phrase, for example "no room in the model's context"

  friend bool operator==(const DroppedPassage&, const DroppedPassage&) = default;
};

/// Whether an answer comes from what was asked of the provider before, for the same request.
enum class Reused : std::uint8_t {
  no,
  running,  ///< another asker's answer, which had not ended yet
  ended,    ///< one that had
};
std::string_view name(Reused reused);
std::optional<Reused> reused(std::string_view name);

/// The ask was taken: always an answer's first logged event.
struct Accepted {
  Id128 answer;  ///< each asker's own; in a log, which several askers may read, there is none
  std::string provider;
  std::string model;
  std::uint32_t prompt_tokens = 0;   ///< counted with the model's encoding
  std::uint32_t context_tokens = 0;  ///< what the model allows, prompt and answer together
  bool exact = true;                 ///< false where the model's encoding is not public
  std::vector<PassageRef> kept;      ///< in the order in which the prompt numbers them, from 1
  std::vector<DroppedPassage> dropped;
  std::uint32_t dropped_messages = 0;  ///< oldest messages of the history left out for room
  Reused reused = Reused::no;          ///< each asker's own, too

  friend bool operator==(const Accepted&, const Accepted&) = default;
};

struct Queued {
  std::uint32_t position = 0;  ///< 1 is next

  friend bool operator==(const Queued&, const Queued&) = default;
};

/// Something the reader should know that does not end the answer.
struct Notice {
  enum class Kind : std::uint8_t {
    no_passages,      ///< the repository was not searched, or is not here
    context_dropped,  ///< something of what was given found no room
    provider_switched,
    retrying,
    draining,
  };
  Kind kind = Kind::retrying;
  std::string message;
  /// provider_switched: who answers now; empty otherwise.
  std::string provider = {};
  std::string model = {};

  friend bool operator==(const Notice&, const Notice&) = default;
};

/// The model's thinking, where its provider shows it.
struct Reasoning {
  std::string text;

  friend bool operator==(const Reasoning&, const Reasoning&) = default;
};

/// Text added to the answer: valid UTF-8, never split inside a character.
struct Delta {
  std::string text;

  friend bool operator==(const Delta&, const Delta&) = default;
};

/// The provider's own count of tokens.
struct Usage {
  std::uint32_t prompt = 0;
  std::uint32_t completion = 0;

  friend bool operator==(const Usage&, const Usage&) = default;
};

/// A piece of a tool call; pieces with the same index belong together, arguments are concatenated.
struct ToolCall {
  std::uint32_t index = 0;
  std::string id;
  std::string name;
  std::string arguments;

  friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

/// Where an answer's time went at the edge, in milliseconds, one behind the other.
struct Timing {
  std::uint32_t retrieval_ms = 0;  ///< searching its packs
  std::uint32_t queue_ms = 0;      ///< waiting for a turn
  std::uint32_t connect_ms = 0;    ///< from the call to when its request was on the way
  std::uint32_t first_ms = 0;      ///< from there to the first of the answer
  std::uint32_t text_ms = 0;       ///< from the first to the last
  std::uint32_t whole_ms = 0;      ///< from the ask to the end; failed calls are in it, too
  std::uint32_t calls = 0;         ///< of providers

  friend bool operator==(const Timing&, const Timing&) = default;
};

/// What an answer cost, by the provider's count of tokens and the operator's prices.
struct Price {
  std::uint64_t micros = 0;  ///< millionths of the currency's unit
  std::string currency;      ///< ISO 4217: "USD"

  friend bool operator==(const Price&, const Price&) = default;
};

/// The answer is whole. Ends the log.
struct Done {
  std::string
      finish_reason;  ///< "stop", "length", "content_filter", "tool_calls", or the provider's own
  std::optional<Timing> timing = {};  ///< where a provider was asked
  std::optional<Price> price = {};    ///< where it is known

  friend bool operator==(const Done&, const Done&) = default;
};

/// The answer failed, `error` on the wire. Ends the log.
struct Failed {
  Error error;
  std::string provider;    ///< empty where no provider was involved
  bool retryable = false;  ///< asking again may help
  std::optional<std::chrono::milliseconds> retry_after;

  friend bool operator==(const Failed&, const Failed&) = default;
};

/// Events before `kept_from` are no longer kept; reading goes on there. Concerns one reader: not
/// logged.
struct Gap {
  Cursor kept_from = 0;

  friend bool operator==(const Gap&, const Gap&) = default;
};

using Event =
    std::variant<Accepted, Queued, Notice, Reasoning, Delta, Usage, ToolCall, Done, Failed, Gap>;

/// An event as one reader gets it. Events that concern this reader alone (gap, draining, an ask
/// that was refused) stand in no log and have cursor 0.
struct Entry {
  Cursor cursor = 0;
  Event event;

  friend bool operator==(const Entry&, const Entry&) = default;
};

/// An entry as it lies somewhere else, in a log above all: nothing is copied to look at it. Good
/// until that changes.
struct EntryView {
  struct Text {
    bool reasoning = false;  ///< Reasoning, not Delta
    std::string_view text;
  };
  Cursor cursor = 0;
  std::variant<Text, Gap, const Event*> event;
};
EntryView view(const Entry& entry);
Entry to_entry(const EntryView& view);

/// The event's type on the wire: "accepted", "delta", "error", ...
std::string_view type_name(const Event& event);
std::string_view type_name(const EntryView& view);
std::string_view name(Notice::Kind kind);
std::optional<Notice::Kind> notice_kind(std::string_view name);

/// Done and Failed: nothing follows.
bool ends_answer(const Event& event);
bool ends_answer(const EntryView& view);

}  // namespace weir::stream
