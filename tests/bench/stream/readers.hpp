#pragma once

#include <memory>
#include <string>
#include <vector>

#include "histogram.hpp"
#include "poller.hpp"
#include "protocol.hpp"
#include "streams.hpp"

namespace weir::bench {

/// What the readers have seen since the histograms were last cleared.
struct Seen {
  std::uint64_t deltas = 0;
  std::uint64_t answers = 0;  ///< ended as they should
  std::uint64_t failures = 0;
  std::string first_failure;
  Histogram delta_latency;       ///< from the provider's write to the reader's read
  Histogram first_delta;         ///< from the question's write to the first text's read
  Histogram cut_known;           ///< from the provider's dropping a stream to the reader's knowing
  std::uint64_t typed_cuts = 0;  ///< of these, told by the protocol, not by a closed connection
};

struct ReaderOptions {
  Face face = Face::openai;
  std::uint16_t port = 0;
  bool again = false;        ///< the next question follows an answer at once
  std::uint64_t batch = 1;   ///< deltas in one of the provider's writes
  bool expect_cuts = false;  ///< the provider drops its streams: that is no failure
};

/// The load: for each stream a connection that asks, and checks every character of the answers.
class Readers {
 public:
  Readers(Poller& poller, Streams& streams, ReaderOptions options);
  ~Readers();

  /// Connects, and asks, for the next stream.
  void start_next();
  std::size_t started() const { return links_.size(); }
  /// Streams whose first text has come.
  std::size_t begun() const { return begun_; }
  std::size_t running() const { return running_; }

  /// Answers that end now are expected to, and no more questions are asked.
  void finish() { finishing_ = true; }

  Seen& seen() { return seen_; }
  std::uint64_t stream_bytes() const;

 private:
  class Link;

  void fail(std::string_view why);

  Poller& poller_;
  Streams& streams_;
  const ReaderOptions options_;
  std::vector<std::unique_ptr<Link>> links_;
  std::size_t begun_ = 0;
  std::size_t running_ = 0;
  bool finishing_ = false;
  Seen seen_;
};

}  // namespace weir::bench
