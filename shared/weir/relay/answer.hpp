#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/base/time.hpp"
#include "weir/prompt/request.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/relay.hpp"
#include "weir/relay/states.hpp"
#include "weir/stream/answer_log.hpp"

namespace weir::relay {

/// What a run waits for now, and until when.
struct Wait {
  enum class For : std::uint8_t { passages, connection, response, first_byte, next_bytes };
  For what = For::passages;
  Instant until;
};

/// An answer's work at one provider, for as long as it lasts.
struct Run {
  RunId id = 0;
  const provider::Provider* provider = nullptr;  ///< in the relay's catalog
  provider::Model model;
  std::unique_ptr<prompt::ChatRequest> request;  ///< while passages are searched for
  std::unique_ptr<provider::StreamCodec> codec;  ///< one of these two, once a prompt stands
  std::unique_ptr<provider::LocalStream> local;
  std::uint64_t client = 0;  ///< who asked
  bool connected = false;    ///< the host holds a connection for this run
  bool paused = false;       ///< the provider is not read on until a reader has caught up

  std::optional<Wait> wait;
  Instant whole_until;
  std::optional<Instant> linger_until;  ///< set while nobody reads
  Instant armed_for;                    ///< where it stands among the relay's timers

  Instant due() const {
    Instant first = whole_until;
    if (wait) first = std::min(first, wait->until);
    if (linger_until) first = std::min(first, *linger_until);
    return first;
  }
};

/// An answer: who may read and stop it, its log, who reads it, and its run until it ends.
struct Answer {
  Answer(Id128 answer_id, Id128 answer_key, std::uint64_t request_print, std::size_t log_bytes)
      : id(answer_id), key(answer_key), fingerprint(request_print), log(log_bytes) {}

  Id128 id;
  Id128 key;
  std::uint64_t fingerprint;  ///< of the request: the same key with another one is refused
  stream::AnswerLog log;
  std::vector<ReaderId> readers;
  std::vector<ReaderId> waiting;  ///< those of them that have read all there is
  stream::Cursor furthest = 0;    ///< up to here the reader who is ahead of the others has read
  State state = State::begun;
  std::optional<Run> run;  ///< none once ended
  Instant ended_at;
};

}  // namespace weir::relay
