#include "readers.hpp"

#include <sys/epoll.h>

#include "socket.hpp"

namespace weir::bench {
namespace {

/// Edges bound what one client, which is an address to them, may have running.
constexpr std::size_t streams_of_client = 1000;

}  // namespace

/// One connection, and the answer that it reads.
class Readers::Link final : public Handler, Sink {
 public:
  Link(Readers& all, std::size_t slot)
      : all_(all),
        stream_(all.streams_[slot]),
        answer_(slot),
        protocol_(make_protocol(all.options_.face)),
        channel_(
            connect_to(all.options_.port, static_cast<std::uint32_t>(slot / streams_of_client))) {}

  void start() {
    all_.poller_.add(channel_.descriptor(), *this);
    ++all_.running_;
    channel_.out() = protocol_->opening();
    if (channel_.out().empty()) opened();
  }

  void ready(std::uint32_t events) override {
    if (!channel_.is_open()) return;
    if (events & EPOLLOUT && channel_.is_blocked() && !channel_.flush()) {
      return broken("the connection failed");
    }
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) read(events);
  }

  std::uint64_t stream_bytes() const { return protocol_->stream_bytes(); }

 private:
  void read(std::uint32_t events) {
    bool more = true;
    while (more) {
      const bool good = channel_.read(in_, more);
      read_at_ = now();
      if (!in_.empty()) protocol_->take(in_, *this);
      if (is_broken_) return channel_.close();
      if (!good) return broken("the connection was closed");
      more = more || events & EPOLLRDHUP;
    }
  }

  void opened() override {
    asked_at_ = now();
    characters_ = 0;
    asking_ = true;
    channel_.out() += protocol_->question(answer_);
    if (!channel_.flush()) broken("the connection failed");
  }

  void text(std::string_view added) override {
    if (characters_ == 0 && !added.empty()) begin();
    for (const char c : added) {
      const std::uint64_t index = characters_ / delta_characters;
      const std::size_t at = characters_ % delta_characters;
      if (at == 0) expected_ = delta_text(answer_, index);
      wrong_ = wrong_ || c != expected_[at] || index >= stream_.deltas_sent;
      ++characters_;
      if (at + 1 == delta_characters && !wrong_) count(index);
    }
  }

  void begin() {
    all_.seen_.first_delta.add(read_at_ - asked_at_);
    if (!has_begun_) ++all_.begun_;
    has_begun_ = true;
  }

  void count(std::uint64_t index) {
    ++all_.seen_.deltas;
    const auto write = static_cast<std::size_t>(index / all_.options_.batch);
    all_.seen_.delta_latency.add(read_at_ - stream_.writes_at[write]);
  }

  void ended(Ending ending, std::string_view why) override {
    if (ending == Ending::broken) return broken(why);
    asking_ = false;
    if (ending == Ending::error) {
      if (all_.options_.expect_cuts) ++all_.seen_.typed_cuts;
      judge_cut(why);
    } else if (all_.options_.expect_cuts) {
      all_.fail("a stream that was cut ended as if it were whole");
    } else if (wrong_ || characters_ != stream_.deltas_sent * delta_characters) {
      all_.fail("the text is not the provider's");
    } else if (!all_.options_.again && !all_.finishing_) {
      all_.fail("an answer ended early");
    } else {
      ++all_.seen_.answers;
    }
    wrong_ = false;
    answer_ += all_.streams_.size();
    if (all_.options_.again && !all_.finishing_) return opened();
    --all_.running_;
  }

  void judge_cut(std::string_view why) {
    if (!all_.options_.expect_cuts) return all_.fail(why);
    all_.seen_.cut_known.add(read_at_ - stream_.dropped_at);
  }

  /// The connection is closed once the protocol has returned.
  void broken(std::string_view why) {
    if (is_broken_) return;
    is_broken_ = true;
    if (!asking_ && has_begun_ && all_.finishing_) return;  // idle, and closed by the other side
    judge_cut(why);
    --all_.running_;
  }

  Readers& all_;
  Stream& stream_;
  std::uint64_t answer_;
  std::unique_ptr<Protocol> protocol_;
  Channel channel_;
  std::string in_;
  Nanoseconds asked_at_ = 0;
  Nanoseconds read_at_ = 0;
  std::uint64_t characters_ = 0;
  std::array<char, delta_characters> expected_{};
  bool asking_ = false;
  bool has_begun_ = false;
  bool wrong_ = false;
  bool is_broken_ = false;
};

Readers::Readers(Poller& poller, Streams& streams, ReaderOptions options)
    : poller_(poller), streams_(streams), options_(options) {}

Readers::~Readers() = default;

void Readers::start_next() {
  links_.push_back(std::make_unique<Link>(*this, links_.size()));
  links_.back()->start();
}

std::uint64_t Readers::stream_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& link : links_) bytes += link->stream_bytes();
  return bytes;
}

void Readers::fail(std::string_view why) {
  if (seen_.failures++ == 0) seen_.first_failure = why.substr(0, 300);
}

}  // namespace weir::bench
