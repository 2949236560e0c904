#include "simulation/page.hpp"

#include <algorithm>
#include <utility>

#include "weir/wire/frames.hpp"

namespace weir::simulation {

using namespace transport;

namespace {

/// What is still under way, and what comes at the same moment.
constexpr Duration slack = 1s;

/// The ref of an ask or a resume.
std::optional<Ref> opened_ref(const std::string& text) {
  const auto frame = wire::read_client_frame(text);
  if (!frame) return std::nullopt;
  if (const auto* ask = std::get_if<wire::AskFrame>(&*frame)) return ask->ref;
  if (const auto* resume = std::get_if<wire::ResumeFrame>(&*frame)) return resume->ref;
  return std::nullopt;
}

}  // namespace

Page::Page(World& world, Deployment& deployment, int number, const Weather& weather)
    : world_(world),
      deployment_(deployment),
      number_(number),
      weather_(weather),
      machine_(Config{{}, world.random.next()}) {}

// -- what the reader does

void Page::connect() {
  tell(Connect{});
}

Ref Page::ask(Question& question) {
  const Ref ref = ++last_ref_;
  Reader& reader = readers_[ref];
  reader.question = &question;
  reader.asked = reader.has_key = true;
  reader.began = world_.now();
  world_.trace(name(ref) + " asks question " + std::to_string(question.number));
  tell(Ask{ref, question.key, question.request});
  return ref;
}

Ref Page::follow(Question& question, stream::Cursor after, std::size_t text_from, bool with_key) {
  const Ref ref = ++last_ref_;
  Reader& reader = readers_[ref];
  reader.question = &question;
  reader.last = after;
  reader.began = world_.now();
  reader.text_from = text_from;
  world_.trace(name(ref) + " follows question " + std::to_string(question.number) + " after " +
               std::to_string(after));
  Follow input{ref, *question.answer, after, std::nullopt};
  if (with_key) input.key = question.key;
  reader.has_key = with_key;
  tell(std::move(input));
  return ref;
}

void Page::cancel(Ref ref) {
  Reader& reader = readers_.at(ref);
  if (reader.over() || reader.cancelled_at) return;
  world_.trace(name(ref) + " presses Stop");
  reader.cancelled_at = world_.now();
  reader.question->disturbed = true;
  expect_within(
      limits::Transport{}.cancel + 1ms, [&reader] { return reader.over(); },
      name(ref) + " goes on after Stop");
  tell(Cancel{ref});
}

void Page::network_changed(bool online) {
  if (online) expect_silent_sockets_left();
  tell(NetworkChanged{online});
}

bool Page::settled() const {
  return std::all_of(readers_.begin(), readers_.end(),
                     [](const auto& entry) { return entry.second.over(); });
}

// -- the machine

void Page::tell(Input input) {
  if (asleep()) {
    slept_through_.push_back(std::move(input));
  } else {
    tell_now(std::move(input));
  }
}

void Page::tell_now(Input input) {
  if (const auto* opened = std::get_if<SocketOpened>(&input)) note_told(*opened);
  if (const auto* frame = std::get_if<SocketText>(&input)) note_told(*frame);
  machine_.handle(std::move(input), world_.now());
  while (auto action = machine_.poll()) {
    std::visit([this](auto& alternative) { carry_out(alternative); }, *action);
  }
  tick();
}

void Page::note_told(const SocketOpened& input) {
  if (!holds(input.socket)) return;
  HeldSocket& held = sockets_.at(input.socket);
  held.opened = true;
  if (held.link->silent_down()) expect_socket_left(limits::Transport{}.silence, input.socket);
}

void Page::note_told(const SocketText& input) {
  const bool drains = input.text.find(R"("kind":"draining")") != std::string::npos;
  if (drains && holds(input.socket)) sockets_.at(input.socket).drains = true;
}

void Page::tick() {
  const auto at = machine_.deadline();
  if (!at || (ticks_at_ && *ticks_at_ <= *at)) return;
  ticks_at_ = at;
  const Duration wait = std::max(*at - world_.now(), Duration(0));
  world_.after(wait, [this, due = *at] {
    if (asleep()) return;
    if (ticks_at_ == due) ticks_at_.reset();
    tell_now(Tick{});
  });
}

void Page::sleep(Duration length) {
  if (asleep()) return;
  world_.trace(name() + " sleeps");
  awake_at_ = world_.now() + length;
  world_.after(length, [this, length] {
    // A shorter sleep may lie between two deadlines, where nobody can tell.
    if (length > limits::Transport{}.silence + limits::Transport{}.asleep) {
      expect_silent_sockets_left();
    }
    wake();
  });
}

void Page::when_awake(std::function<void()> what) {
  if (!asleep()) return what();
  world_.after(awake_at_ - world_.now(), [this, what = std::move(what)] { when_awake(what); });
}

/// Timers and events have no order among each other.
void Page::wake() {
  world_.trace(name() + " wakes");
  ticks_at_.reset();
  const bool timers_first = world_.random.one_in(2);
  if (timers_first) tell_now(Tick{});
  for (Input& input : std::exchange(slept_through_, {})) tell_now(std::move(input));
  if (!timers_first) tell_now(Tick{});
}

// -- sockets

void Page::carry_out(OpenSocket& action) {
  const SocketId id = action.socket;
  const auto link = Connection::begin(world_, weather_);
  link->page_learns_of_cut = [this, id, link = link.get()] {
    socket_closed(id, link->shared_from_this());
  };
  link->went_silent_down = [this, id] {
    const auto found = sockets_.find(id);
    if (found == sockets_.end() || !found->second.opened) return;
    expect_socket_left(limits::Transport{}.silence, id);
  };
  sockets_[id].link = link;
  expect_within(
      limits::Transport{}.socket_open + slack,
      [this, id] { return !holds(id) || sockets_.at(id).opened; },
      name() + " waits for a socket that does not open");
  if (world_.below(100) < weather_.hangs_sockets) return;
  const bool refused = world_.below(100) < weather_.refuses_sockets;
  world_.after(world_.delay(weather_.latency), [this, id, link, refused] {
    if (!holds(id)) return;
    if (refused || deployment_.serving() == nullptr) return socket_closed(id, link);
    open_socket(id);
  });
}

void Page::open_socket(SocketId id) {
  HeldSocket& held = sockets_.at(id);
  if (world_.below(100) < weather_.swallows_frames) {
    held.link->go_silent();
  } else {
    held.edge = deployment_.serving();
    held.wire = held.edge->accept_socket(held.link, socket_events(id, held.link));
  }
  world_.after(held.link->telling(), [this, id, link = held.link] {
    if (holds(id) || link->outlives_its_end()) tell(SocketOpened{id});
  });
}

Edge::ToldSocket Page::socket_events(SocketId id, const std::shared_ptr<Connection>& link) {
  Edge::ToldSocket told;
  told.frame = [this, id, link](std::string text) {
    if (holds(id) || link->outlives_its_end()) tell(SocketText{id, std::move(text)});
  };
  told.closed = [this, id, link] { socket_closed(id, link); };
  return told;
}

void Page::socket_closed(SocketId id, const std::shared_ptr<Connection>& link) {
  world_.after(link->telling(), [this, id, link] {
    if (sockets_.erase(id) > 0 || link->outlives_its_end()) tell(SocketClosed{id});
  });
}

void Page::carry_out(SendText& action) {
  const auto found = sockets_.find(action.socket);
  if (found == sockets_.end()) return;
  const auto [link, opened, drains, edge, wire] = found->second;
  const auto text = std::make_shared<std::string>(action.text);
  const Ref ref = opened_ref(action.text).value_or(probe_ref);
  if (drains && ref != probe_ref) fail(ref, "asks on a socket that drains");
  link->to_edge(text->size(), [text, edge = edge, wire = wire](std::size_t) {
    edge->receive_frame(wire, *text);
  });
  expect_heard(action, *link);
}

void Page::carry_out(CloseSocket& action) {
  const auto found = sockets_.find(action.socket);
  if (found == sockets_.end()) return;
  const auto link = found->second.link;
  sockets_.erase(found);
  link->page_closes();
}

// -- exchanges

void Page::carry_out(OpenHttp& action) {
  const ExchangeId id = action.exchange;
  const auto link = Connection::begin(world_, weather_);
  exchanges_[id] = link;
  link->page_learns_of_cut = [this, id, link = link.get()] {
    http_ended(id, link->shared_from_this(), false);
  };
  link->went_silent_down = [this, id] { expect_exchange_left(limits::Transport{}.silence, id); };
  Edge* edge = deployment_.serving();
  if (world_.below(100) < weather_.hangs_http) {
    link->go_silent();
  } else if (world_.below(100) < weather_.refuses_http || edge == nullptr) {
    return world_.after(world_.delay(weather_.latency),
                        [this, id, link] { http_ended(id, link, false); });
  }
  const auto request = std::make_shared<OpenHttp>(std::move(action));
  link->to_edge(200 + request->body.size(),
                [edge, link = link.get(), request, told = http_events(id, link)](std::size_t) {
                  edge->accept_http(link->shared_from_this(), *request, told);
                });
  if (link->silent_up()) expect_exchange_left(limits::Transport{}.http_head, id);
}

Edge::ToldHttp Page::http_events(ExchangeId id, const std::shared_ptr<Connection>& link) {
  Edge::ToldHttp told;
  told.head = [this, id](int status, const std::string& answer) {
    tell(HttpHead{id, status, answer});
  };
  told.bytes = [this, id](std::string bytes) { tell(HttpBytes{id, std::move(bytes)}); };
  told.ended = [this, id, link](bool clean) { http_ended(id, link, clean); };
  return told;
}

void Page::http_ended(ExchangeId id, const std::shared_ptr<Connection>& link, bool clean) {
  world_.after(link->telling(), [this, id, link, clean] {
    if (exchanges_.erase(id) > 0 || link->outlives_its_end()) tell(HttpEnded{id, clean});
  });
}

void Page::carry_out(AbortHttp& action) {
  const auto found = exchanges_.find(action.exchange);
  if (found == exchanges_.end()) return;
  const auto link = found->second;
  exchanges_.erase(found);
  link->page_closes();
}

void Page::carry_out(StatusChanged& action) {
  world_.trace(name() + " status " + std::string(transport::name(action.status)));
}

// -- what the reader is given

void Page::carry_out(Deliver& action) {
  Reader& reader = readers_.at(action.ref);
  if (world_.tracing()) {
    world_.trace(name(action.ref) + " gets " + wire::write_event(action.entry));
  }
  if (reader.over()) return fail(action.ref, "was given something after the end");
  const stream::Cursor cursor = action.entry.cursor;
  if (cursor != 0 && cursor <= reader.last) fail(action.ref, "was given a cursor again");
  if (cursor != 0) reader.last = cursor;
  record(reader, action.entry);
}

void Page::record(Reader& reader, const stream::Entry& entry) {
  ++reader.events;
  if (const auto* accepted = std::get_if<stream::Accepted>(&entry.event)) {
    ++reader.accepted;
    reader.question->answer = accepted->answer;
  }
  if (const auto* delta = std::get_if<stream::Delta>(&entry.event)) record(reader, *delta);
  if (const auto* part = std::get_if<stream::Reasoning>(&entry.event)) {
    reader.reasoning += part->text;
  }
  if (const auto* call = std::get_if<stream::ToolCall>(&entry.event)) {
    reader.tool_calls.push_back(*call);
  }
  if (const auto* usage = std::get_if<stream::Usage>(&entry.event)) reader.usage = *usage;
  if (std::holds_alternative<stream::Gap>(entry.event)) reader.gap = true;
  if (stream::ends_answer(entry.event)) reader.end = entry.event;
  if (entry.cursor != 0) reader.marks.emplace_back(entry.cursor, reader.text.size());
}

void Page::record(Reader& reader, const stream::Delta& delta) {
  const std::size_t at = reader.text_from + reader.text.size();
  reader.text += delta.text;
  for (const auto& [when, text] : reader.question->sent) {
    if (text <= at) continue;
    reader.lag = std::max(reader.lag, world_.now() - std::max(when, reader.began));
    return;
  }
}

void Page::carry_out(Unreachable& action) {
  world_.trace(name(action.ref) + " is unreachable");
  Reader& reader = readers_.at(action.ref);
  if (reader.over()) return fail(action.ref, "was handed back after the end");
  if (!reader.asked) fail(action.ref, "follows, and was handed back");
  if (reader.events > 0) fail(action.ref, "was handed back after its first event");
  if (reader.cancelled_at) fail(action.ref, "was handed back after Stop");
  reader.unreachable = true;
}

// -- what must come to pass in time

void Page::expect_within(Duration limit, std::function<bool()> kept, const std::string& otherwise) {
  world_.after(limit, [this, limit, kept = std::move(kept), otherwise, from = world_.now()] {
    if (kept()) return;
    if (awake_at_ <= from) return world_.fail(otherwise);
    world_.after(std::max(awake_at_ - world_.now(), Duration(0)),
                 [this, limit, kept, otherwise] { expect_within(limit, kept, otherwise); });
  });
}

/// The page has woken, or its network has changed: what is dead by now is found out soon.
void Page::expect_silent_sockets_left() {
  for (const auto& [id, held] : sockets_) {
    const bool dead = held.opened && held.link->silent_down();
    if (dead) expect_socket_left(limits::Transport{}.probe, id);
  }
}

void Page::expect_socket_left(Duration limit, SocketId id) {
  expect_within(
      limit + slack, [this, id] { return !holds(id); },
      name() + " holds on to a socket that is silent");
}

void Page::expect_exchange_left(Duration limit, ExchangeId id) {
  expect_within(
      limit + slack, [this, id] { return exchanges_.count(id) == 0; },
      name() + " holds on to an exchange that is silent");
}

/// An ask or a resume that is swallowed is found out, whether something else comes or not.
void Page::expect_heard(const SendText& action, const Connection& link) {
  const std::optional<Ref> ref = link.silent_up() ? opened_ref(action.text) : std::nullopt;
  if (!ref || *ref == probe_ref) return;
  const limits::Transport limits;
  expect_within(
      limits.reply + (link.silent_down() ? limits.probe : limits.silence) + slack,
      [this, ref = *ref, id = action.socket] { return !holds(id) || readers_.at(ref).over(); },
      name(*ref) + " waits on a socket that swallows");
}

std::string Page::name(Ref ref) const {
  return name() + " reader " + std::to_string(ref);
}

void Page::fail(Ref ref, const std::string& what) {
  world_.fail(name(ref) + " " + what);
}

}  // namespace weir::simulation
