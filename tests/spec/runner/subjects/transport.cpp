// `transport`: the client's machine with the network played by the transcript. Refs, sockets (s1)
// and exchanges (h1) are numbers; keys and answers are one hexadecimal digit, written here once for
// all 32. Limits are the defaults, jitter is seeded.
//
//   > connect
//   > ask 1 key=a [again=yes]           > follow 1 answer=b after=3 [key=a]
//   > cancel 1                          > online | offline | http_answered
//   > slept 5min                        (no deadline was kept until now)
//   > s1 opened | s1 closed             > s1 {"type":"alive"}        (a text frame)
//   > h1 head 200 [answer=b]            > h1 bytes event: ...\n\n    (backslash escapes)
//   > h1 ended | h1 broke
//
//   < open s1                           < send s1 {...}              < close s1
//   < open h1 POST /v1/answers key=a    < abort h1
//   < 1: delta #2 "..."                 < 1: unreachable             < status websocket
#include <variant>

#include "spec/runner/registry.hpp"
#include "spec/runner/subjects/events.hpp"
#include "spec/runner/words.hpp"
#include "weir/transport/transport.hpp"

namespace weir::spec {
namespace {

using namespace transport;

Id128 id_of(std::string_view digit) {
  return id128_from_hex(std::string(32, digit.empty() ? '0' : digit[0])).value_or(Id128{});
}

/// 32 equal hexadecimal digits become one.
std::string shorten(std::string text) {
  for (std::size_t i = 0; i + 32 <= text.size(); ++i) {
    if (text.compare(i, 32, std::string(32, text[i])) == 0) text.erase(i + 1, 31);
  }
  return text;
}

/// One digit where an id belongs becomes 32 of them: what the edge would have sent.
std::string lengthen(std::string text) {
  constexpr std::string_view member = "\"answer\":\"";
  const std::size_t at = text.find(member);
  if (at == std::string::npos) return text;
  const std::size_t digit = at + member.size();
  return text.replace(digit, 1, std::string(32, text[digit]));
}

std::string socket_name(SocketId id) {
  return "s" + std::to_string(id);
}
std::string exchange_name(ExchangeId id) {
  return "h" + std::to_string(id);
}

struct Printer {
  std::string operator()(const OpenSocket& action) const {
    return "open " + socket_name(action.socket);
  }
  std::string operator()(const SendText& action) const {
    return "send " + socket_name(action.socket) + " " + shorten(action.text);
  }
  std::string operator()(const CloseSocket& action) const {
    return "close " + socket_name(action.socket);
  }
  std::string operator()(const OpenHttp& action) const {
    std::string text =
        "open " + exchange_name(action.exchange) + " " + action.method + " " + shorten(action.path);
    for (const auto& [name, value] : action.headers) {
      if (name == "Weir-Key") text += " key=" + shorten(value);
    }
    if (!action.body.empty()) text += " " + action.body;
    return text;
  }
  std::string operator()(const AbortHttp& action) const {
    return "abort " + exchange_name(action.exchange);
  }
  std::string operator()(const Deliver& action) const {
    return std::to_string(action.ref) + ": " + print(action.entry);
  }
  std::string operator()(const Unreachable& action) const {
    return std::to_string(action.ref) + ": unreachable";
  }
  std::string operator()(const StatusChanged& action) const {
    return "status " + std::string(name(action.status));
  }
};

class TransportSubject : public Subject {
 public:
  explicit TransportSubject(Cutter& cutter) : cutter_(cutter) {}

  void input(std::string_view line, std::vector<std::string>& out) override {
    std::string_view rest = line;
    const std::string_view word = take_word(rest);
    const std::size_t before = inputs_;
    if (word.size() > 1 && word[0] == 's' && number(word.substr(1)) != 0) {
      socket(static_cast<SocketId>(number(word.substr(1))), rest, out);
    } else if (word.size() > 1 && word[0] == 'h' && number(word.substr(1)) != 0) {
      exchange(static_cast<ExchangeId>(number(word.substr(1))), rest, out);
    } else {
      reader(word, rest, out);
    }
    if (inputs_ == before) out.emplace_back("(no such input)");
  }

  void time(Instant now, std::vector<std::string>& out) override {
    now += slept_;
    for (auto at = machine_.deadline(); at && *at <= now; at = machine_.deadline()) {
      now_ = std::max(now_, *at);
      feed(Tick{}, out);
    }
    now_ = now;
    feed(Tick{}, out);
  }

 private:
  void reader(std::string_view word, std::string_view rest, std::vector<std::string>& out) {
    const auto ref = static_cast<Ref>(number(rest));
    const auto key = option(rest, "key");
    if (word == "connect") feed(Connect{}, out);
    if (word == "online") feed(NetworkChanged{true}, out);
    if (word == "http_answered") feed(HttpAnswered{}, out);
    if (word == "offline") feed(NetworkChanged{false}, out);
    if (word == "cancel") feed(Cancel{ref}, out);
    if (word == "slept") return sleep(duration(rest).value_or(0s), out);
    const bool again = option(rest, "again").has_value();
    if (word == "ask") feed(Ask{ref, id_of(key.value_or("")), "{}", again}, out);
    if (word == "follow") {
      Follow follow{ref, id_of(option(rest, "answer").value_or("")),
                    number(option(rest, "after").value_or("0")), std::nullopt};
      if (key) follow.key = id_of(*key);
      feed(std::move(follow), out);
    }
  }

  /// The case's own times (after `@`) go on as if there had been no sleep.
  void sleep(Duration length, std::vector<std::string>& out) {
    slept_ += length;
    now_ += length;
    feed(Tick{}, out);
  }

  void socket(SocketId id, std::string_view rest, std::vector<std::string>& out) {
    if (rest == "opened") return feed(SocketOpened{id}, out);
    if (rest == "closed") return feed(SocketClosed{id}, out);
    feed(SocketText{id, lengthen(std::string(rest))}, out);
  }

  void exchange(ExchangeId id, std::string_view rest, std::vector<std::string>& out) {
    const std::string_view word = take_word(rest);
    if (word == "ended") feed(HttpEnded{id, true}, out);
    if (word == "broke") feed(HttpEnded{id, false}, out);
    if (word == "bytes") {
      const std::string bytes = lengthen(unescape(rest));
      for (const std::string_view piece : cutter_.cut(bytes)) {
        feed(HttpBytes{id, std::string(piece)}, out);
      }
    }
    if (word == "head") {
      const auto answer = option(rest, "answer");
      feed(HttpHead{id, static_cast<int>(number(rest)), answer ? to_hex(id_of(*answer)) : ""}, out);
    }
  }

  void feed(Input input, std::vector<std::string>& out) {
    ++inputs_;
    machine_.handle(std::move(input), now_);
    while (const auto action = machine_.poll()) out.push_back(std::visit(Printer{}, *action));
  }

  Cutter& cutter_;
  Transport machine_{Config{{}, 1}};
  Instant now_;
  Duration slept_{};
  std::size_t inputs_ = 0;
};

}  // namespace

std::unique_ptr<Subject> make_transport(Cutter& cutter) {
  return std::make_unique<TransportSubject>(cutter);
}

}  // namespace weir::spec
