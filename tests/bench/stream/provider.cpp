#include "provider.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "http.hpp"
#include "socket.hpp"

namespace weir::bench {
namespace {

std::string http_chunk(std::string_view data) {
  char size[20];
  const int length = std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return std::string(size, static_cast<std::size_t>(length)).append(data).append("\r\n");
}

/// A chunk as api.openai.com writes it, about 250 bytes for a delta.
std::string event(std::string_view choices, std::string_view usage = "null") {
  std::string data =
      R"(data: {"id":"chatcmpl-CgX2mJ4v7RkLw1TqYbN8sDe5HfAo3","object":"chat.completion.chunk",)"
      R"("created":1764000000,"model":"gpt-4o-2024-08-06",)"
      R"("system_fingerprint":"fp_65564d8ba5","choices":)";
  return data.append(choices).append(",\"usage\":").append(usage).append("}\n\n");
}

std::string delta_event(std::string_view text) {
  return event(std::string(R"([{"index":0,"delta":{"content":")")
                   .append(text)
                   .append(R"("},"finish_reason":null}])"));
}

const std::string& head() {
  static const std::string text =
      "HTTP/1.1 200 OK\r\n"
      "Content-Type: text/event-stream; charset=utf-8\r\n"
      "Transfer-Encoding: chunked\r\n"
      "Cache-Control: no-cache\r\n"
      "x-request-id: req_0f4c2f1c6be34a8e9c0a3a5f3ab5c1d7\r\n\r\n" +
      http_chunk(
          event(R"([{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}])"));
  return text;
}

const std::string& tail() {
  static const std::string text =
      http_chunk(event(R"([{"index":0,"delta":{},"finish_reason":"stop"}])")) +
      http_chunk(event("[]", R"({"prompt_tokens":11,"completion_tokens":7,"total_tokens":18})")) +
      http_chunk("data: [DONE]\n\n") + "0\r\n\r\n";
  return text;
}

std::string placeholder(std::size_t size) {
  return std::string(size, '?');
}

std::uint64_t answer_number(std::string_view body) {
  const std::size_t at = body.find(answer_marker);
  if (at == body.npos) return 0;
  std::uint64_t number = 0;
  for (const char c : body.substr(at + answer_marker.size())) {
    if (c < '0' || c > '9') break;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

/// One connection of a client, which sends one request after another.
class Provider::Connection : public Handler {
 public:
  Connection(Provider& provider, int descriptor)
      : channel(descriptor, provider.plan_.tls), provider_(provider) {}

  void ready(std::uint32_t events) override {
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
      if (!read(events)) return provider_.close(*this);
    }
    if (events & EPOLLOUT && channel.is_blocked()) {
      if (!channel.flush()) return provider_.close(*this);
      if (is_over()) return provider_.close(*this);
      if (!channel.is_blocked() && busy) provider_.resume(slot);
    }
  }

  /// The client asked for no more than this answer, and has all of it.
  bool is_over() const { return last && !busy && !channel.is_blocked(); }

  Channel channel;
  std::size_t slot = 0;
  bool busy = false;  ///< an answer runs
  bool last = false;  ///< the connection is closed after this answer

 private:
  bool read(std::uint32_t events) {
    bool more = true;
    while (more) {
      if (!channel.read(in_, more)) return false;
      more = more || events & EPOLLRDHUP;
    }
    const std::size_t head_end = in_.find("\r\n\r\n");
    if (busy || head_end == in_.npos) return true;
    const std::string_view head = std::string_view(in_).substr(0, head_end + 2);
    const std::size_t size = head_end + 4 + content_length(head).value_or(0);
    if (in_.size() < size) return true;
    last = header(head, "connection") == "close";
    const std::uint64_t answer = answer_number(std::string_view(in_).substr(head_end));
    in_.erase(0, size);
    provider_.begin(*this, answer);
    return true;
  }

  Provider& provider_;
  std::string in_;
};

Provider::Provider(Poller& poller, Streams& streams, Plan plan, std::uint16_t port)
    : poller_(poller),
      streams_(streams),
      plan_(plan),
      chunk_(http_chunk(delta_event(placeholder(plan.delta_size)))),
      chunk_text_at_(chunk_.find(placeholder(plan.delta_size))),
      listener_(listen_on(port)),
      writers_(streams.size()) {
  poller_.add(listener_, *this);
}

Provider::~Provider() {
  ::close(listener_);
}

void Provider::ready(std::uint32_t) {
  for (int descriptor; (descriptor = accept_from(listener_)) >= 0;) {
    open_.push_back(std::make_unique<Connection>(*this, descriptor));
    ++connections_;
    poller_.add(descriptor, *open_.back());
  }
}

void Provider::begin(Connection& connection, std::uint64_t answer) {
  const std::size_t slot = streams_.slot(answer);
  Stream& stream = streams_[slot];
  stream.answer = answer;
  stream.deltas_sent = 0;
  stream.writes_at.clear();
  ++requests_;
  connection.busy = true;
  connection.slot = slot;
  writers_[slot] = &connection;
  connection.channel.out() += head();
  if (plan_.pause > 0 || plan_.interval == 0) return step(slot, 0);
  if (!connection.channel.flush()) return close(connection);
  plan_next(slot, now());
}

void Provider::close(Connection& connection) {
  if (writers_[connection.slot] == &connection) writers_[connection.slot] = nullptr;
  connection.channel.close();
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [&](const auto& each) { return each.get() == &connection; });
  poller_.retire(std::move(*at));
  *at = std::move(open_.back());
  open_.pop_back();
}

/// Streams take their turns evenly spread over an interval, whenever they began.
void Provider::plan_next(std::size_t slot, Nanoseconds after) {
  const Nanoseconds phase =
      plan_.interval * static_cast<Nanoseconds>(slot) / static_cast<Nanoseconds>(streams_.size());
  const Nanoseconds turns = (after - epoch_ - phase) / plan_.interval + 1;
  due_.push({epoch_ + phase + turns * plan_.interval, slot});
}

void Provider::resume(std::size_t slot) {
  if (plan_.interval == 0 && plan_.pause == 0) runnable_.push_back(slot);
}

bool Provider::is_last(const Stream& stream) const {
  return plan_.deltas > 0 ? stream.deltas_sent >= plan_.deltas : finishing_;
}

void Provider::append_deltas(std::string& out, Stream& stream) {
  const std::uint64_t left =
      plan_.deltas > 0 ? plan_.deltas - stream.deltas_sent : std::uint64_t{plan_.batch};
  for (std::uint64_t i = 0; i < std::min(plan_.batch, left); ++i) {
    const std::size_t at = out.size() + chunk_text_at_;
    out += chunk_;
    plan_.write_text(stream.answer, stream.deltas_sent++, out.data() + at);
  }
}

void Provider::step(std::size_t slot, Nanoseconds due) {
  Connection* const connection = writers_[slot];
  if (!connection) return;  // the reader has gone
  if (due > 0) lateness_.add(now() - due);
  Stream& stream = streams_[slot];
  if (is_last(stream)) return write_end(*connection);
  write_deltas(*connection, stream);
}

void Provider::write_deltas(Connection& connection, Stream& stream) {
  append_deltas(connection.channel.out(), stream);
  const Nanoseconds at = now();
  stream.writes_at.push_back(at);
  if (plan_.drop_after > 0 && stream.deltas_sent >= plan_.drop_after) {
    return drop(connection, stream);
  }
  if (plan_.pause == 0 && plan_.deltas > 0 && is_last(stream)) return write_end(connection);
  if (!connection.channel.flush()) return close(connection);
  if (plan_.interval > 0) {
    plan_next(connection.slot, at);
  } else if (plan_.pause > 0) {
    due_.push({at + plan_.pause, connection.slot});
  } else if (!connection.channel.is_blocked()) {
    runnable_.push_back(connection.slot);
  }
}

void Provider::write_end(Connection& connection) {
  connection.channel.out() += tail();
  writers_[connection.slot] = nullptr;
  connection.busy = false;
  const bool good = connection.channel.flush();
  if (!good || connection.is_over()) close(connection);
}

void Provider::drop(Connection& connection, Stream& stream) {
  connection.channel.flush();
  stream.dropped_at = now();
  close(connection);
}

Nanoseconds Provider::next_due() const {
  if (!runnable_.empty()) return 0;
  return due_.empty() ? never : due_.top().at;
}

void Provider::run_due() {
  constexpr int most = 4;  // reading must not wait for many writes: it would look like latency
  const Nanoseconds time = now();
  for (int i = 0; i < most && !due_.empty() && due_.top().at <= time; ++i) {
    const Due next = due_.top();
    due_.pop();
    step(next.slot, next.at);
  }
  for (int i = 0; i < most && !runnable_.empty(); ++i) {
    const std::size_t slot = runnable_.front();
    runnable_.pop_front();
    step(slot, 0);
  }
}

Histogram Provider::take_lateness() {
  Histogram taken = lateness_;
  lateness_ = Histogram();
  return taken;
}

}  // namespace weir::bench
