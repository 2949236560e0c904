#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "weir/base/backoff.hpp"
#include "weir/base/id128.hpp"
#include "weir/base/time.hpp"
#include "weir/prompt/request.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/admission.hpp"
#include "weir/relay/call_figures.hpp"
#include "weir/relay/relay.hpp"
#include "weir/relay/states.hpp"
#include "weir/stream/answer_log.hpp"

namespace weir::relay {

/// What a run waits for now, and until when.
struct Wait {
  enum class For : std::uint8_t {
    passages,
    turn,  ///< in the queue
    connection,
    response,
    first_byte,
    next_bytes,
    next_call,  ///< after one that failed
  };
  For what = For::passages;
  Instant until;
};

/// What an answer has been through at its providers (relay/remedy.hpp).
struct Tries {
  std::vector<const provider::Provider*> in_vain;  ///< providers that were given up
  std::size_t key = 0;                             ///< of the provider's, used last
  std::uint32_t retries = 0;                       ///< at this provider
  std::uint32_t continuations = 0;
  std::uint32_t prompt_tokens = 0;  ///< of the last call
  Instant until;                    ///< no further call begins later
  Backoff backoff;
  bool hedged = false;     ///< a rival was thought of
  bool shortened = false;  ///< the prompt, since a provider found it too long
  bool shown = false;      ///< something of the answer is in the log
  bool only_text = true;   ///< and all of it is text
  bool counted = false;    ///< by the provider, in tokens
  /// The answer's end, as soon as the provider has said more about it, or has failed to.
  std::unique_ptr<stream::Failed> unexplained;
};

/// A call beside the one that an answer waits for: the first of the two that has a word answers.
struct Rival {
  RunId id = 0;
  const provider::Provider* provider = nullptr;
  provider::Model model;
  std::unique_ptr<provider::StreamCodec> codec;
  CallClock call;
  std::size_t key = 0;  ///< of the provider's
  std::uint32_t prompt_tokens = 0;
  bool began = false;  ///< its response's head has come
};

/// An answer's work at its provider, for as long as it lasts.
struct Run {
  RunId id = 0;
  const provider::Provider* provider = nullptr;  ///< in the relay's catalog
  provider::Model model;
  /// While a prompt is still to be made of it, or may have to be made anew.
  std::unique_ptr<prompt::ChatRequest> request;
  std::unique_ptr<provider::StreamCodec> codec;  ///< one of these two, once a prompt stands
  std::unique_ptr<provider::LocalStream> local;
  CallClock call;                   ///< of the provider that is asked now
  std::optional<Instant> queued;    ///< since when it waits for its turn, while it does
  Duration retrieved{};             ///< how long passages were searched for
  Duration waited{};                ///< for its turn
  Duration connecting{};            ///< of the last call, until its request was on its way
  Instant sent;                     ///< when that was
  std::optional<Instant> first_at;  ///< when the first of the answer came
  Duration first_took{};            ///< from its call's request
  std::optional<stream::Usage> usage;
  std::uint32_t calls = 0;
  std::uint32_t generation = 0;     ///< of the configuration that it began under
  Client client;                    ///< who asked
  Admission::Id place = 0;          ///< among those that run or wait
  std::size_t position = 0;         ///< in the queue, as it was told last
  bool connected = false;           ///< the host holds a connection for this run
  bool unsearched = false;          ///< the question was too long to search with
  bool unknown_repository = false;  ///< there is no pack of it to search in
  bool paused = false;              ///< the provider is not read on until a reader has caught up
  Tries tries;

  std::unique_ptr<Rival> rival;     ///< while both are silent
  std::optional<Instant> hedge_at;  ///< then there will be one

  std::optional<Wait> wait;
  Instant whole_until;
  std::optional<Instant> linger_until;  ///< set while nobody reads
  Instant armed_for;                    ///< where it stands among the relay's timers

  Instant due() const {
    Instant first = whole_until;
    if (wait) first = std::min(first, wait->until);
    if (linger_until) first = std::min(first, *linger_until);
    if (hedge_at) first = std::min(first, *hedge_at);
    return first;
  }
};

/// What was asked of a provider, as cache_key() puts it.
using CacheKey = std::array<std::uint8_t, 32>;

struct Answer;

/// An ask's share in an answer: who may read it and stop it, and who reads it. Mostly an answer has
/// one; who asked the same shares it.
struct Asker {
  Id128 id;
  Id128 key;
  std::uint64_t fingerprint = 0;  ///< of the request: the same key with another one is refused
  std::shared_ptr<Answer> answer;
  std::vector<ReaderId> readers;
  Client client;
  Instant asked;
  Instant ended_at;
  stream::Reused reused = stream::Reused::no;
};

/// An answer: its log, whose it is, and its run until it ends.
struct Answer {
  explicit Answer(std::size_t log_bytes) : log(log_bytes) {}

  stream::AnswerLog log;
  /// Those who have not given it up: the first began it, or came next where the first has left.
  /// None once it is only kept to be asked for.
  std::vector<Asker*> askers;
  std::vector<ReaderId> waiting;  ///< readers that have read all there is
  stream::Cursor furthest = 0;    ///< up to here the reader who is ahead of the others has read
  State state = State::begun;
  std::optional<Run> run;             ///< none once ended
  std::optional<CacheKey> cache_key;  ///< under which others may find it

  bool has_readers() const {
    return std::any_of(askers.begin(), askers.end(),
                       [](const Asker* asker) { return !asker->readers.empty(); });
  }
};

}  // namespace weir::relay
