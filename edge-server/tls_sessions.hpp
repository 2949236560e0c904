#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>

#include "address.hpp"

namespace weir::edge {

/// TLS sessions of earlier connections, by origin: a handshake that resumes one needs no
/// certificates and less computing (RFC 8446, 2.2). What a session was verified for is its origin
/// alone, so none is offered to another. One of TLS 1.3 is used once (RFC 8446, C.4). Lives on the
/// event loop's thread.
class TlsSessions {
 public:
  /// Has the connections of `context` hand over their sessions, as they come; this must outlive
  /// their last use.
  TlsSessions(SSL_CTX* context, std::size_t most_per_origin);
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  void set_most(std::size_t most_per_origin) { most_ = most_per_origin; }

  /// Before a handshake with this origin: offers the newest session, and keeps those to come.
  void prepare(SSL* connection, const Origin& origin);

 private:
  struct Free {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  struct Kept {
    TlsSessions* owner = nullptr;
    std::deque<std::unique_ptr<SSL_SESSION, Free>> sessions;  ///< the newest at the back
  };

  static int take(SSL* connection, SSL_SESSION* session);

  std::size_t most_;
  std::map<Origin, Kept> kept_;  ///< connections point at entries, which stay
};

}  // namespace weir::edge
