#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "activity.hpp"
#include "clock.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"
#include "weir/relay/http_head.hpp"

namespace weir::edge {

/// A response that a session of the relay writes: it begins when the session knows its head, and
/// may go on while an answer is written. What there is to send is read when it is asked for, so no
/// session has to be woken. `Session` is relay::HttpSession or one of another face.
template <class Session>
class HttpExchange : public Activity {
 public:
  /// `asks`: it may begin an answer, whose first event waits a little for the next.
  HttpExchange(Services& services, Follower& follower, ResponseContext context,
               std::unique_ptr<Session> session, bool asks)
      : services_(services),
        context_(std::move(context)),
        session_(std::move(session)),
        reader_(session_->reader()),
        asks_(asks) {
    if (reader_ != 0) services_.driver.follow(reader_, follower);
  }

  bool append(std::string& out) override {
    if (finished_) return false;
    if (!begun_) return append_beginning(out);
    static std::string chunk;
    chunk.clear();
    const bool more = session_->append_chunk(chunk, now());
    if (more) append_chunk(out, context_, chunk);
    if (!session_->finished()) return more;
    append_last_chunk(out, context_);
    finished_ = true;
    return true;
  }

  bool finished() const override { return finished_; }
  bool keeps_connection() const override { return context_.keep_alive; }
  std::optional<Instant> deadline() const override { return session_->deadline(); }
  bool takes_begun_answer() override { return std::exchange(asks_, false) && !finished_; }
  bool ends_with_client() const override { return true; }

  void close() override {
    if (reader_ != 0) services_.driver.forget(reader_);
    session_->close(now());
  }

 private:
  bool append_beginning(std::string& out) {
    std::optional<relay::HttpHead> head = session_->head(now());
    if (!head) return false;
    begun_ = true;
    const bool streams = head->streams;
    const bool empty = head->status == no_content;
    const Reply reply = to_reply(*std::move(head));
    if (streams) {
      if (context_.http_1_0) context_.keep_alive = false;
      append_head(out, context_, reply, Body::in_chunks);
      return true;
    }
    append_head(out, context_, reply, empty ? Body::none : Body::of_length, reply.text.size());
    out += reply.text;
    finished_ = true;
    return true;
  }

  static constexpr int no_content = 204;

  Services& services_;
  ResponseContext context_;
  std::unique_ptr<Session> session_;
  relay::ReaderId reader_;  ///< 0: there is none
  bool asks_;
  bool begun_ = false;
  bool finished_ = false;
};

}  // namespace weir::edge
