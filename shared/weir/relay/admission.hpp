#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/relay/client.hpp"

namespace weir::relay {

/// In the order in which they are served.
enum class Priority : std::uint8_t { interactive, research, batch };
/// By the request's member `priority`; interactive for anything else.
Priority priority_of(std::string_view name);

/// Which of the answers that want to run may, and who waits in which order. Pure: no clock, no
/// sockets.
///
/// The order: interactive before research before batch, but each `ageing` of waiting lifts an
/// answer by one class, so nobody starves. Within a class clients take turns, so a client's hundred
/// questions do not delay another's first one; of one client the oldest goes first. Who may not run
/// now, because its client, provider or model has enough running or its client's minute is used up,
/// lets others pass.
class Admission {
 public:
  using Id = std::uint64_t;

  struct Ask {
    Id id = 0;
    Client client;  ///< 0: none that limits of clients are for
    Priority priority = Priority::interactive;
    std::string provider;
    std::string model;
    std::uint32_t tokens = 0;  ///< of its prompt
  };

  struct Runs {};
  struct Waits {
    std::size_t position = 1;  ///< 1 is next
  };
  struct QueueFull {
    Duration retry_after;
  };
  struct TooMany {  ///< for this client's minute, even at the end of the longest wait
    Duration retry_after;
  };
  using Outcome = std::variant<Runs, Waits, QueueFull, TooMany>;

  explicit Admission(const limits::Admission& limits) : limits_(limits) {}

  /// From now on; who runs already goes on, and each client's minute begins anew.
  void set_limits(const limits::Admission& limits);

  /// Runs: from now on it counts as running, until leave().
  Outcome enter(Ask ask, Instant now);
  /// Running or waiting, it is over.
  void leave(Id id);
  /// It waits, and nobody reads it: others pass, and it keeps its place for when somebody does.
  void hold(Id id, bool held);
  /// Why this ask would be turned away now; nothing where enter() would not. From here on its
  /// client has the rights that the ask names.
  std::optional<Outcome> refusal(const Ask& ask, Instant now);
  /// A request for embeddings: it runs now, and nothing is returned, or not at all. It counts in
  /// its client's minute, and as running until it leaves.
  std::optional<Outcome> enter_embedding(const Client& client, std::uint64_t tokens, Instant now);
  void leave_embedding(std::uint64_t client);

  /// Somebody else wants the same, and sooner: it waits in the better class of the two.
  void raise(Id id, Priority priority);
  /// What has come to it beyond an answer's beginning, for its client's minute.
  struct Cost {
    std::uint64_t requests = 0;
    std::uint64_t tokens = 0;
  };
  void charge(std::uint64_t client, const Cost& cost, Instant now);

  /// Whether a limit on tokens holds for this client.
  bool counts_tokens(std::uint64_t client) const {
    return client != 0 && share_of(client).tokens > 0;
  }

  /// The next of those that wait that may run: it runs now. Nothing: see deadline().
  std::optional<Id> next(Instant now);
  /// When somebody may run without anybody having left, as its client's minute fills up again.
  std::optional<Instant> deadline(Instant now) const;

  /// Those that wait and are not held, the next one first.
  std::vector<Id> queue(Instant now) const;

  /// How long this client's minute is used up for; 0: it is not.
  Duration until_allowed(std::uint64_t client, Instant now) const;

  std::size_t running() const { return running_.size(); }
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t embeddings() const { return embeddings_; }
  std::size_t clients() const { return clients_.size(); }  ///< that are remembered

 private:
  /// What a client may still do this minute. Grows evenly; a prompt that is larger than what is
  /// left may run where anything is, and is paid off later.
  struct Allowance {
    double requests = 0;
    double tokens = 0;
    Instant at;
  };
  /// What one client may do at most; 0: as much as it likes.
  struct Share {
    std::size_t running = 0;
    std::size_t requests = 0;  ///< a minute
    std::size_t tokens = 0;    ///< a minute
  };
  struct Known {
    std::shared_ptr<const ClientRights> rights;
    std::optional<Allowance> allowance;
    std::size_t running = 0;
    std::size_t waiting = 0;
    std::size_t embeddings = 0;
    std::uint64_t turn = 0;  ///< of its next answer, against those of others
  };
  struct Waiting {
    Ask ask;
    Instant since;
    std::uint64_t number = 0;  ///< of arrival
    std::uint64_t turn = 0;    ///< its client's, when it came
    bool held = false;
  };
  struct Order {
    std::size_t rank = 0;
    std::uint64_t turn = 0;
    std::uint64_t number = 0;
    friend auto operator<=>(const Order&, const Order&) = default;
  };

  Order order_of(const Waiting& waiting, Instant now) const;
  Share share_of(std::uint64_t client) const;
  bool has_room(const Ask& ask) const;
  bool may_run(const Waiting& waiting, Instant now) const;
  Allowance allowance_of(std::uint64_t client, Instant now) const;
  std::map<Id, Waiting>::const_iterator best(Instant now) const;
  void run(const Ask& ask, std::uint64_t turn, Instant now);
  void tidy(Instant now);

  limits::Admission limits_;
  std::unordered_map<std::uint64_t, Known> clients_;
  std::unordered_map<std::string, std::size_t> at_provider_, at_model_;
  std::unordered_map<Id, Ask> running_;
  std::map<Id, Waiting> waiting_;
  std::size_t embeddings_ = 0;
  std::uint64_t turn_ = 0;  ///< of the answer that began last
  std::uint64_t arrivals_ = 0;
  Instant tidied_;
};

}  // namespace weir::relay
