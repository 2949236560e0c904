#include "direct_client.hpp"

#include <sys/epoll.h>

namespace weir::bench {

DirectClient::DirectClient(Crowd& crowd, std::uint64_t answer)
    : crowd_(crowd), text_(answer), channel_(connect_to(crowd.port, source_of(answer))) {
  channel_.out() = protocol_.question(answer);
  crowd_.poller.add(channel_.descriptor(), *this);
}

void DirectClient::ready(std::uint32_t events) {
  if (over_) return;
  if (events & EPOLLOUT && channel_.is_blocked() && !channel_.flush()) return fail("no connection");
  bool more = true;
  while (more && !over_) {
    const bool good = channel_.read(in_, more);
    read_at_ = now();
    if (!in_.empty()) protocol_.take(in_, *this);
    if (!good && !over_) return fail("the connection was closed");
    more = more || events & EPOLLRDHUP;
  }
  if (over_) channel_.close();
}

void DirectClient::text(std::string_view added) {
  if (text_.records() == 0) ++crowd_.begun;
  if (!text_.take(added, read_at_, crowd_.ages_now())) fail("the text is not the provider's");
}

void DirectClient::ended(Ending ending, std::string_view why) {
  if (over_) return;
  if (ending != Ending::done) return fail(why);
  if (text_.records() != crowd_.deltas) return fail("the text is not whole");
  over_ = true;
  ++crowd_.done;
}

void DirectClient::fail(std::string_view why) {
  over_ = true;
  crowd_.fail(why);
}

}  // namespace weir::bench
