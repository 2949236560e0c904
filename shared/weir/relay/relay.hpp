#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/passage.hpp"
#include "weir/base/time.hpp"
#include "weir/prompt/context.hpp"
#include "weir/prompt/request.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/answer_report.hpp"
#include "weir/relay/client.hpp"
#include "weir/relay/meters.hpp"
#include "weir/stream/event.hpp"
#include "weir/tokens/encoding.hpp"

/// The edge's machine: it takes asks, runs each once, logs what the provider says, and lets any
/// number of readers pull the log from any cursor. No sockets, no clock: the host carries out its
/// actions.
///
///   relay.handle(input, now);
///   while (auto action = relay.poll()) carry_out(*action);
///   wake_me_at(relay.deadline());
namespace weir::relay {

/// One reader of one answer. Opened by the host, attached by Ask, Attach or Cancel, ended by
/// Detach.
using ReaderId = std::uint64_t;
/// One run of one answer at a provider.
using RunId = std::uint64_t;

// -- inputs

/// Starts an answer, or finds the one that this key started before: the same key never runs twice.
struct Ask {
  ReaderId reader = 0;
  Id128 key;
  Id128 fresh_answer;  ///< the id to use if the key is new: from the host's secure random source
  prompt::ChatRequest request;
  Client client = {};
};

/// Reads a known answer from a cursor.
struct Attach {
  ReaderId reader = 0;
  Id128 answer;
  stream::Cursor after = 0;
};

/// The reader has gone; an answer without readers lingers, then stops.
struct Detach {
  ReaderId reader = 0;
};

/// Ends an answer at once, in every phase; others who asked the same keep theirs. The key alone
/// names it: an ask that arrives later with this key finds itself cancelled. `reader` is told the
/// outcome as one entry: the event that ended the answer, or `unauthorized` where `answer` is not
/// this key's.
struct Cancel {
  ReaderId reader = 0;
  Id128 key;
  std::optional<Id128> answer;
};

/// What a Retrieve found; no context: there is no pack of the repository. With an error the answer
/// ends: without the passages that it was asked for it would only be paid for.
struct Retrieved {
  RunId run = 0;
  std::optional<prompt::Context> context;
  std::optional<Error> error = std::nullopt;
};

/// The whole request is on its way over an open connection: from now on the provider is waited for.
struct ProviderSent {
  RunId run = 0;
};

struct ProviderHead {
  RunId run = 0;
  int status = 0;
  std::vector<provider::Header> headers;  ///< lower-case names
};

struct ProviderBytes {
  RunId run = 0;
  std::string_view bytes;  ///< looked at during handle() only
};

/// The response is over; `clean` as in provider::StreamCodec::end.
struct ProviderEnded {
  RunId run = 0;
  bool clean = true;
};

/// No response came: DNS, TCP or TLS failed, or (`timed_out`) took longer than its limit. `message`
/// is for people and holds no secret.
struct ProviderFailed {
  RunId run = 0;
  std::string message;
  bool timed_out = false;
};

struct Config;

/// The operator has set things anew: what begins from now on goes by this. What runs keeps the
/// provider and the key that it began with. How providers have fared is judged anew.
struct Reconfigure {
  std::shared_ptr<const Config> config;
};

/// Only time has passed.
struct Tick {};

using Input = std::variant<Ask, Attach, Detach, Cancel, Retrieved, ProviderSent, ProviderHead,
                           ProviderBytes, ProviderEnded, ProviderFailed, Reconfigure, Tick>;

// -- actions

/// Search the packs for an ask that brought no passages; answer with Retrieved.
struct Retrieve {
  RunId run = 0;
  prompt::ChatRequest request;
  Client client;  ///< whose rights say what else than everybody's packs is searched
};

/// Send this request; answer with ProviderSent, ProviderHead, ProviderBytes, ProviderEnded or
/// ProviderFailed.
struct OpenProvider {
  RunId run = 0;
  provider::HttpRequest request;
};

/// Close the run's connection now; say nothing more of it.
struct CloseProvider {
  RunId run = 0;
};

/// The provider has said all that is wanted of it: say nothing more of this run. Its connection may
/// serve another one, once the response has ended.
struct ReleaseProvider {
  RunId run = 0;
};

/// Read no further (`paused`) until told otherwise: every reader is so far behind that the log
/// would lose what none of them has read.
struct PauseProvider {
  RunId run = 0;
  bool paused = true;
};

/// This reader, which had read all there was, has something to read again.
struct WakeReader {
  ReaderId reader = 0;
};

using Action =
    std::variant<Retrieve, OpenProvider, CloseProvider, ReleaseProvider, PauseProvider, WakeReader>;

// -- the machine

struct Config {
  provider::Catalog catalog;
  /// By their names; each must outlive the relay. Where one is not loaded (a browser has only one)
  /// it is null and another counts, as an estimate.
  std::array<const tokens::Encoding*, tokens::all_encodings.size()> encodings{};
  void add(const tokens::Encoding& encoding) {
    encodings[static_cast<std::size_t>(encoding.name())] = &encoding;
  }
  limits::Request request;
  limits::Answer answer;
  limits::Cache cache;
  bool cache_shared = false;  ///< among all clients; otherwise each is given its own answers only
  limits::Admission admission;
  limits::Provider provider;
  limits::Recovery recovery;
  /// Names of providers that stand in for one that fails, in this order; those that the catalog
  /// lacks are passed over.
  std::vector<std::string> fallbacks;
  std::uint64_t seed = 0;  ///< of the pauses between calls: no two edges should be alike
  /// For providers whose requests are signed, and to tell who asks the same. Null where no provider
  /// in the catalog signs and no answer is to be shared; must outlive the relay.
  const provider::Digests* digests = nullptr;
  std::int64_t (*unix_seconds)() = nullptr;  ///< the wall clock, which signatures carry
  /// Told of each answer when it has ended; must not use the relay. May be empty.
  std::function<void(const AnswerReport&)> on_ended;
};

struct Figures {
  std::size_t answers = 0;  ///< kept, running or ended
  std::size_t running = 0;  ///< not ended
  std::size_t queued = 0;   ///< of these, those that wait for their turn
  std::size_t readers = 0;
  std::size_t embeddings = 0;  ///< requests for them that are under way
  std::size_t log_bytes = 0;
  std::size_t cached = 0;          ///< ended answers that are kept for who asks the same
  std::size_t cached_bytes = 0;    ///< of `log_bytes`, theirs
  std::uint64_t runs_started = 0;  ///< provider calls since the start: what is paid for
};

class Relay {
 public:
  explicit Relay(Config config);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// A new reader, attached to nothing yet.
  ReaderId open_reader();

  void handle(Input input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;

  /// The next entry that the reader has not seen, as it lies in the log, neighbouring texts joined;
  /// moves its cursor. Good until the relay is used again. Nothing: wait for WakeReader. One that
  /// ends the answer is the last. There may be actions to poll afterwards.
  std::optional<stream::EntryView> next(ReaderId reader);
  /// The same as many times as it takes for about `bytes_most` bytes, and at least once.
  std::vector<stream::Entry> read(ReaderId reader, std::size_t bytes_most);

  /// The answer this reader is attached to; nothing for one that was refused.
  std::optional<Id128> answer_of(ReaderId reader) const;

  /// A request for embeddings, which EmbeddingSession makes: nothing where it may run now, for this
  /// many tokens, until it is left; otherwise why it may not.
  std::optional<stream::Failed> enter_embedding(const Client& client, std::uint64_t tokens,
                                                Instant now);
  void leave_embedding(const Client& client);
  /// A provider call of one: counted from now on, until the clock is ended.
  CallClock begin_embedding(const provider::Provider& provider, std::string_view model,
                            Instant now);

  Figures figures() const;
  const Meters& meters() const;
  const Config& config() const;
  /// What can be asked: for the edge's own listing of models.
  const provider::Catalog& catalog() const { return config().catalog; }

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace weir::relay
