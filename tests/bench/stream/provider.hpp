#pragma once

#include <openssl/types.h>

#include <deque>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "histogram.hpp"
#include "poller.hpp"
#include "streams.hpp"

namespace weir::bench {

/// What the fake provider does with every request.
struct Plan {
  Nanoseconds interval = 0;      ///< between a stream's writes; 0: as fast as the socket takes them
  std::uint64_t batch = 1;       ///< deltas in one write
  std::uint64_t deltas = 0;      ///< of one answer; 0: until finish() is called
  Nanoseconds pause = 0;         ///< between the first write, at once with the head, and the rest
  std::uint64_t drop_after = 0;  ///< deltas after which the connection is closed; 0: never
  SSL_CTX* tls = nullptr;        ///< null: plain
  /// What a delta says, by its answer's number and its own, in always so many characters.
  std::size_t delta_size = delta_characters;
  void (*write_text)(std::uint64_t answer, std::uint64_t index, char* out) = write_delta_text;
};

/// A provider that speaks OpenAI's chat completions, streamed, over HTTP/1.1 with kept connections
/// (https://platform.openai.com/docs/api-reference/chat-streaming).
class Provider : Handler {
 public:
  Provider(Poller& poller, Streams& streams, Plan plan, std::uint16_t port);
  ~Provider() override;

  /// When run_due() has something to do.
  Nanoseconds next_due() const;
  void run_due();

  /// Answers without a number of deltas end with their next write.
  void finish() { finishing_ = true; }

  std::uint64_t connections() const { return connections_; }
  std::uint64_t requests() const { return requests_; }
  /// How much later than planned deltas were written. Cleared when asked.
  Histogram take_lateness();

 private:
  class Connection;
  struct Due {
    Nanoseconds at;
    std::size_t slot;
    bool operator>(const Due& other) const { return at > other.at; }
  };

  void ready(std::uint32_t events) override;
  void begin(Connection& connection, std::uint64_t answer);
  void close(Connection& connection);
  /// Writes the next batch of the answer in this slot, or its end; `due`: when that was planned, or
  /// 0.
  void step(std::size_t slot, Nanoseconds due);
  void write_deltas(Connection& connection, Stream& stream);
  void write_end(Connection& connection);
  void drop(Connection& connection, Stream& stream);
  void append_deltas(std::string& out, Stream& stream);
  void plan_next(std::size_t slot, Nanoseconds after);
  void resume(std::size_t slot);
  bool is_last(const Stream& stream) const;

  Poller& poller_;
  Streams& streams_;
  const Plan plan_;
  const Nanoseconds epoch_ = now();
  const std::string chunk_;          ///< one delta, as an HTTP chunk
  const std::size_t chunk_text_at_;  ///< where its text stands
  int listener_;
  bool finishing_ = false;
  std::vector<Connection*> writers_;  ///< by slot: who writes the answer that runs there
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::deque<std::size_t> runnable_;  ///< slots that write as fast as they can
  std::vector<std::unique_ptr<Connection>> open_;
  std::uint64_t connections_ = 0;
  std::uint64_t requests_ = 0;
  Histogram lateness_;
};

}  // namespace weir::bench
