#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/base/time.hpp"
#include "weir/relay/relay.hpp"
#include "weir/wire/frames.hpp"

namespace weir::relay {

/// Fresh unguessable ids, from the host's secure random source.
using IdSource = std::function<Id128()>;

/// Whom a credential (a code or a token; empty: none was given) is of, or why it is of nobody that
/// may ask.
using Admit = std::function<Result<Client>(std::string_view credential)>;

/// The edge's side of one WebSocket: client frames in, server frames out, many answers at once.
/// The host passes received text in, and pulls frames whenever the socket can take one; a frame
/// that is not pulled costs nothing but its place in the answer's log.
///
/// Neither of relay and ids is owned; the relay's actions are the host's to poll after every call.
class SocketSession {
 public:
  /// `admit` is asked before each ask; empty: everybody may, uncounted.
  SocketSession(Relay& relay, IdSource ids, limits::Server server, limits::Request request,
                Instant now, Admit admit = {});
  ~SocketSession();
  SocketSession(const SocketSession&) = delete;
  SocketSession& operator=(const SocketSession&) = delete;

  /// True where an answer has begun: what there is of it may wait for what follows soon.
  bool receive(std::string_view frame, Instant now);

  /// The relay's WakeReader for one of this session's readers. False: not ours.
  bool wake(ReaderId reader);

  /// Appends the next frame to send, fair between the session's answers, or an alive frame when
  /// nothing was sent for limits::Server::keep_alive. False: there is none; wait for a wake or the
  /// deadline.
  bool append_frame(std::string& out, Instant now);
  std::optional<std::string> next_frame(Instant now);
  std::optional<Instant> deadline() const;

  /// The socket is gone: its readers are detached.
  void close(Instant now);

  /// It carries no answer.
  bool idle() const { return answers_.empty() && own_.empty(); }
  /// The readers this session has open: for the host's table of who is to be woken.
  std::vector<ReaderId> readers() const;
  /// Called with every reader the session opens.
  std::function<void(ReaderId)> on_reader;

 private:
  struct Answer {
    ReaderId reader = 0;
    bool ready = true;  ///< may have something to read
  };
  bool take(const wire::AccessFrame& frame, Instant now);
  bool take(const wire::AskFrame& frame, Instant now);
  bool take(const wire::ResumeFrame& frame, Instant now);
  bool take(const wire::CancelFrame& frame, Instant now);
  bool take_ref(wire::Ref ref);
  ReaderId open_reader(wire::Ref ref);
  void refuse(wire::Ref ref, Error error);
  void say(wire::EventFrame frame);
  bool append_event(std::string& out, Instant now);
  bool append_own(std::string& out);
  void leave(std::map<wire::Ref, Answer>::iterator at, Instant now);

  Relay& relay_;
  IdSource ids_;
  limits::Server server_;
  limits::Request request_;
  Admit admit_;
  std::string credential_;  ///< a secret: what the client has said of itself
  /// What is wrong with what it has said: it is judged once, not with each ask again.
  std::optional<Error> wrong_;
  std::map<wire::Ref, Answer> answers_;
  std::vector<wire::EventFrame> own_;  ///< frames that come from no answer, the oldest first
  wire::Ref turn_ = 0;                 ///< the ref served last
  Instant last_sent_;
};

}  // namespace weir::relay
