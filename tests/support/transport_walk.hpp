#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/transport/transport.hpp"
#include "weir/wire/frames.hpp"

namespace weir::transport {

/// Leads a Transport through inputs that someone else draws (a fuzzer's bytes, a seed's numbers):
/// likely ones, late ones, and nonsense. Traps where the machine breaks a promise to its host.
class TransportWalk {
 public:
  /// `draw(n)` gives a number below n.
  template <class Draw>
  void step(Draw&& draw) {
    switch (draw(16)) {
      case 0:
        return give(Connect{});
      case 1:
        return ask(draw);
      case 2:
        return follow(draw);
      case 3:
        return give(Cancel{1 + draw(last_ref_ + 1)});
      case 4:
        return draw(4) == 0 ? give(HttpAnswered{}) : give(NetworkChanged{draw(2) == 0});
      case 5:
        return close_socket(draw(last_socket_ + 2));
      case 6:
        return open_socket(last_socket_);
      case 7:
        return open_socket(draw(last_socket_ + 2));
      case 8:
        return give(HttpHead{draw(last_exchange_ + 2), statuses[draw(6)], answer(draw)});
      case 9:
        return give(HttpEnded{draw(last_exchange_ + 2), draw(2) == 0});
      case 10:
        return pass(Duration(draw(120'000'000)));
      case 11:
        return to_deadline();
      case 12:
      case 13:
        return give(HttpBytes{last_exchange_ - draw(std::min(last_exchange_ + 1, 3U)), sse(draw)});
      default:
        return give_frame(draw(4) == 0 ? draw(last_socket_ + 2) : last_socket_, draw);
    }
  }

  /// Lets an hour pass: by then everything that was asked must have ended.
  void finish() {
    const Instant until = now_ + 1h;
    for (int i = 0; i < 100'000 && now_ < until && !open_.empty(); ++i) to_deadline();
    // An open connection may last as long as it gives signs of life; here it gives none.
    WEIR_ASSERT(open_.empty());
  }

 private:
  enum class Way : std::uint8_t { opening, open, draining };

  static constexpr int statuses[] = {200, 200, 204, 404, 503, 0};

  void give(Input input) {
    machine_.handle(std::move(input), now_);
    while (auto action = machine_.poll()) {
      std::visit([this](const auto& alternative) { check(alternative); }, *action);
    }
    const auto deadline = machine_.deadline();
    WEIR_ASSERT(!deadline || *deadline > now_);  // otherwise the host would spin
  }

  void open_socket(SocketId socket) {
    const auto found = sockets_.find(socket);
    if (found != sockets_.end())
      found->second = found->second == Way::opening ? Way::open : found->second;
    give(SocketOpened{socket});
  }

  void close_socket(SocketId socket) {
    sockets_.erase(socket);
    give(SocketClosed{socket});
  }

  template <class Draw>
  void give_frame(SocketId socket, Draw&& draw) {
    const auto found = sockets_.find(socket);
    const bool open = found != sockets_.end() && found->second == Way::open;
    if (open && draw(8) == 0) {
      found->second = Way::draining;
      const stream::Notice notice{stream::Notice::Kind::draining, ""};
      return give(SocketText{socket, wire::write_server_frame(wire::EventFrame{0, {0, notice}})});
    }
    const bool replies = draw(6) == 0;
    give(SocketText{socket, replies ? reply() : frame(draw)});
  }

  void pass(Duration duration) {
    now_ += duration;
    give(Tick{});
  }

  void to_deadline() {
    const auto deadline = machine_.deadline();
    now_ = std::max(now_, deadline.value_or(now_ + 1min));
    give(Tick{});
  }

  template <class Draw>
  void ask(Draw&& draw) {
    open_[++last_ref_] = 0;
    Ask input{last_ref_, {}, draw(8) == 0 ? "{" : "{}"};
    input.key.bytes[0] = static_cast<std::uint8_t>(last_ref_);
    give(std::move(input));
  }

  template <class Draw>
  void follow(Draw&& draw) {
    Follow input{++last_ref_, {}, draw(5), std::nullopt};
    if (draw(2) == 0) input.key = Id128{};
    open_[last_ref_] = input.after;
    give(std::move(input));
  }

  template <class Draw>
  std::string answer(Draw&& draw) {
    return draw(4) == 0 ? std::string("nonsense") : to_hex(Id128{});
  }

  template <class Draw>
  stream::Entry entry(Draw&& draw) {
    const stream::Cursor cursor = draw(12);
    switch (draw(8)) {
      case 0:
        return {cursor, stream::Done{"stop"}};
      case 1:
        return {cursor, stream::Accepted{}};
      case 2:
        return {0, stream::Gap{draw(12)}};
      case 3:
        return {cursor, stream::Failed{{ErrorCode::queue_full, "full", ""}, "", true, {}}};
      case 4:
        return {0, stream::Notice{stream::Notice::Kind::retrying, ""}};
      default:
        return {cursor, stream::Delta{"x"}};
    }
  }

  template <class Draw>
  std::string frame(Draw&& draw) {
    if (draw(10) == 0) return wire::write_server_frame(wire::AliveFrame{});
    const Ref ref = draw(last_ref_ + 2);
    std::string text = wire::write_server_frame(wire::EventFrame{ref, entry(draw)});
    if (draw(20) == 0) text.resize(draw(static_cast<std::uint32_t>(text.size())));
    return text;
  }

  /// What a probe is answered with.
  static std::string reply() {
    const stream::Failed failed{{ErrorCode::not_found, "none", ""}, "", false, {}};
    return wire::write_server_frame(wire::EventFrame{probe_ref, {0, failed}});
  }

  template <class Draw>
  std::string sse(Draw&& draw) {
    std::string bytes;
    for (std::uint32_t events = draw(3); events > 0; --events) wire::append_sse(bytes, entry(draw));
    if (draw(5) == 0) bytes.resize(draw(static_cast<std::uint32_t>(bytes.size()) + 1));
    return bytes;
  }

  // -- what the host was promised

  void check(const OpenSocket& action) {
    WEIR_ASSERT(action.socket > last_socket_);
    // One at a time, beside those that drain.
    for (const auto& [socket, way] : sockets_) WEIR_ASSERT(way == Way::draining);
    last_socket_ = action.socket;
    sockets_[action.socket] = Way::opening;
  }
  void check(const SendText& action) {
    const auto socket = sockets_.find(action.socket);
    WEIR_ASSERT(socket != sockets_.end() && socket->second != Way::opening);
    const auto frame = wire::read_client_frame(action.text);
    WEIR_ASSERT(frame);
    if (!std::holds_alternative<wire::AskFrame>(*frame)) return;
    WEIR_ASSERT(socket->second == Way::open);  // one that drains takes no questions
  }
  void check(const CloseSocket& action) { WEIR_ASSERT(sockets_.erase(action.socket) == 1); }
  void check(const OpenHttp& action) {
    WEIR_ASSERT(action.exchange > last_exchange_);
    last_exchange_ = action.exchange;
  }
  void check(const AbortHttp& action) {
    WEIR_ASSERT(action.exchange <= last_exchange_ && aborted_.insert(action.exchange).second);
  }
  void check(const Deliver& action) {
    const auto reader = open_.find(action.ref);
    WEIR_ASSERT(reader != open_.end());  // asked for, and not ended
    const stream::Cursor cursor = action.entry.cursor;
    WEIR_ASSERT(cursor == 0 || cursor > reader->second);
    if (cursor != 0) reader->second = cursor;
    if (stream::ends_answer(action.entry.event)) open_.erase(reader);
  }
  void check(const Unreachable& action) { WEIR_ASSERT(open_.erase(action.ref) == 1); }
  void check(const StatusChanged& action) {
    WEIR_ASSERT(action.status != status_);
    status_ = action.status;
  }

  Transport machine_{Config{{}, 1}};
  Instant now_{1h};
  std::map<Ref, stream::Cursor> open_;
  std::set<ExchangeId> aborted_;
  Ref last_ref_ = 0;
  SocketId last_socket_ = 0;
  std::map<SocketId, Way> sockets_;  ///< that the host has not seen closed
  ExchangeId last_exchange_ = 0;
  Status status_ = Status::connecting;
};

}  // namespace weir::transport
