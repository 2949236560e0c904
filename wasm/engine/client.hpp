#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/base/passage.hpp"
#include "weir/base/time.hpp"
#include "weir/relay/relay.hpp"
#include "weir/tokens/encoding.hpp"
#include "weir/transport/transport.hpp"

/// The page's client: the transport to an edge, and behind it a relay of its own that answers from
/// the passages, without a model, where there is no edge or none can be reached. An ask is the same
/// ask in both: same key, same events; whoever reads them need not know who answered.
///
/// A machine like its two parts: handle(), poll(), deadline(); no sockets, no clock.
namespace weir::client {

using wire::Ref;

struct Ask {
  Ref ref = 0;
  Id128 key;            ///< as in transport::Ask
  Id128 fresh_answer;   ///< the id should the answer be made here
  std::string request;  ///< ChatCompletionRequest as JSON text
  bool again = false;   ///< as in transport::Ask
};

/// Answers Find; nothing: no pack of that repository is open here.
struct Found {
  relay::RunId run = 0;
  std::optional<prompt::Context> context;
};

/// Answers LoadEncoding: it must outlive the client; null where it could not be had.
struct EncodingLoaded {
  const tokens::Encoding* encoding = nullptr;
};

/// The device slept, or someone looks at the page again: a wait for the next try is over. Where
/// HTTP works in place of a socket, that goes on.
struct Woken {};

/// What concerns the network goes to the transport as it is.
using Input = std::variant<Ask, Found, EncodingLoaded, Woken, transport::Input>;

/// The prompt of a local answer is counted with an encoding. Asked for once at a time.
struct LoadEncoding {};

/// An answer that is composed here was asked for without passages: search what is open here.
struct Find {
  relay::RunId run = 0;
  prompt::ChatRequest request;
};

/// An event of an answer that is composed here: no edge knows that answer.
struct DeliverLocal {
  transport::Deliver deliver;
};

/// transport::Unreachable never comes out: such an ask is answered here.
using Action = std::variant<LoadEncoding, Find, DeliverLocal, transport::Action>;

struct Config {
  bool edge = false;  ///< false: every answer is composed here
  std::uint64_t jitter_seed = 0;
};

class Client {
 public:
  explicit Client(Config config);

  void handle(Input input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;

  transport::Status status() const;
  transport::Figures figures() const;

 private:
  /// An ask is at the transport, waits for the encoding, or is being answered here.
  enum class Place : std::uint8_t { edge, waiting, here };
  struct Answer {
    Ask ask;
    Place place = Place::edge;
    relay::ReaderId reader = 0;         ///< where it is answered here
    std::optional<std::string> notice;  ///< to follow `accepted`
  };

  void take(Ask ask, Instant now);
  void take(Found found, Instant now);
  void take(EncodingLoaded loaded, Instant now);
  void take(Woken woken, Instant now);
  void take(transport::Input input, Instant now);
  void cancel(Ref ref, transport::Input input, Instant now);
  void refuse_follow(Ref ref);
  void run_transport(Instant now);
  void answer_here(Ref ref, Instant now);
  void begin_here(Ref ref, Instant now);
  void to_relay(relay::Input input, Instant now);
  void run_relay(Instant now);
  void carry_out(relay::Action action, Instant now);
  void read(relay::ReaderId reader, Instant now);
  void deliver(Ref ref, stream::Entry entry, Instant now);
  void refuse(Ref ref, Error error, Instant now);

  Config config_;
  std::unique_ptr<transport::Transport> transport_;  ///< null without an edge
  std::unique_ptr<relay::Relay> relay_;              ///< null until there is an encoding
  bool loading_ = false;
  std::map<Ref, Answer> answers_;
  std::map<relay::ReaderId, Ref> readers_;
  std::deque<Action> actions_;
};

}  // namespace weir::client
