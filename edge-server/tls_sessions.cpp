#include "tls_sessions.hpp"

namespace weir::edge {
namespace {

/// Where a connection keeps the pointer to its origin's sessions.
int slot() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

TlsSessions::TlsSessions(SSL_CTX* context, std::size_t most_per_origin) : most_(most_per_origin) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &TlsSessions::take);
}

void TlsSessions::prepare(SSL* connection, const Origin& origin) {
  Kept& kept = kept_[origin];
  kept.owner = this;
  SSL_set_ex_data(connection, slot(), &kept);
  if (kept.sessions.empty()) return;
  SSL_SESSION* const newest = kept.sessions.back().get();
  SSL_set_session(connection, newest);
  // Who resumes one of TLS 1.2 is not given another.
  if (SSL_SESSION_get_protocol_version(newest) >= TLS1_3_VERSION) kept.sessions.pop_back();
}

/// 1: the session is ours now. With TLS 1.3 they come after the handshake, mostly two.
int TlsSessions::take(SSL* connection, SSL_SESSION* session) {
  auto* const kept = static_cast<Kept*>(SSL_get_ex_data(connection, slot()));
  if (!kept || kept->owner->most_ == 0) return 0;
  while (kept->sessions.size() >= kept->owner->most_) kept->sessions.pop_front();
  kept->sessions.emplace_back(session);
  return 1;
}

}  // namespace weir::edge
