#include "simulation/page.hpp"

#include <algorithm>
#include <utility>

#include "weir/wire/frames.hpp"

namespace weir::simulation {

using namespace transport;

Page::Page(World& world, Edge& edge, int number, const Weather& weather)
    : world_(world),
      edge_(edge),
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
  reader.asked = true;
  world_.trace(name(ref) + " asks question " + std::to_string(question.number));
  tell(Ask{ref, question.key, question.request});
  return ref;
}

Ref Page::follow(Question& question, stream::Cursor after, std::size_t text_from, bool with_key) {
  const Ref ref = ++last_ref_;
  Reader& reader = readers_[ref];
  reader.question = &question;
  reader.last = after;
  reader.text_from = text_from;
  world_.trace(name(ref) + " follows question " + std::to_string(question.number) + " after " +
               std::to_string(after));
  Follow input{ref, *question.answer, after, std::nullopt};
  if (with_key) input.key = question.key;
  tell(std::move(input));
  return ref;
}

void Page::cancel(Ref ref) {
  Reader& reader = readers_.at(ref);
  if (reader.over() || reader.cancelled_at) return;
  world_.trace(name(ref) + " presses Stop");
  reader.cancelled_at = world_.now();
  reader.question->disturbed = true;
  world_.after(limits::Transport{}.cancel + 1ms, [this, ref] {
    if (!readers_.at(ref).over()) fail(ref, "goes on after Stop");
  });
  tell(Cancel{ref});
}

void Page::network_changed(bool online) {
  tell(NetworkChanged{online});
}

bool Page::settled() const {
  return std::all_of(readers_.begin(), readers_.end(),
                     [](const auto& entry) { return entry.second.over(); });
}

// -- the machine

void Page::tell(Input input) {
  machine_.handle(std::move(input), world_.now());
  while (auto action = machine_.poll()) {
    std::visit([this](auto& alternative) { carry_out(alternative); }, *action);
  }
  tick();
}

void Page::tick() {
  const auto at = machine_.deadline();
  if (!at || (ticks_at_ && *ticks_at_ <= *at)) return;
  ticks_at_ = at;
  const Duration wait = std::max(*at - world_.now(), Duration(0));
  world_.after(wait, [this, due = *at] {
    if (ticks_at_ == due) ticks_at_.reset();
    tell(Tick{});
  });
}

void Page::carry_out(OpenSocket& action) {
  const SocketId id = action.socket;
  Random& random = world_.random;
  auto link = std::make_shared<Connection>(world_, weather_);
  link->page_learns_of_cut = [this, id] { tell(SocketClosed{id}); };
  sockets_[id] = {link, 0};
  if (random.below(100) < weather_.hangs_sockets) return;
  const bool refused = random.below(100) < weather_.refuses_sockets;
  world_.after(world_.delay(weather_.latency), [this, id, refused] {
    if (sockets_.count(id) == 0) return;
    if (refused) return tell(SocketClosed{id});
    open_socket(id);
  });
}

void Page::open_socket(SocketId id) {
  auto& [link, wire] = sockets_.at(id);
  if (world_.below(100) >= weather_.swallows_frames) {
    wire = edge_.accept_socket(link, [this, id](std::string text) {
      if (sockets_.count(id) > 0) tell(SocketText{id, std::move(text)});
    });
  }
  tell(SocketOpened{id});
}

void Page::carry_out(SendText& action) {
  const auto found = sockets_.find(action.socket);
  if (found == sockets_.end() || found->second.second == 0) return;
  const auto text = std::make_shared<std::string>(std::move(action.text));
  const Edge::WireId wire = found->second.second;
  found->second.first->to_edge(
      text->size(), [this, text, wire](std::size_t) { edge_.receive_frame(wire, *text); });
}

void Page::carry_out(CloseSocket& action) {
  const auto found = sockets_.find(action.socket);
  if (found == sockets_.end()) return;
  // Its id stays known to nobody: what the machine closed it hears no more of.
  const auto link = found->second.first;
  const bool at_edge = found->second.second != 0;
  sockets_.erase(found);
  link->page_learns_of_cut = [] {};
  if (at_edge) link->page_closes();
}

void Page::carry_out(OpenHttp& action) {
  const ExchangeId id = action.exchange;
  auto link = std::make_shared<Connection>(world_, weather_);
  exchanges_[id] = link;
  link->page_learns_of_cut = [this, id] { tell(HttpEnded{id, false}); };
  if (world_.below(100) < weather_.hangs_http) return;
  if (world_.below(100) < weather_.refuses_http) {
    world_.after(world_.delay(weather_.latency), [this, id] { tell(HttpEnded{id, false}); });
    return;
  }
  Edge::Told told;
  told.head = [this, id](int status, const std::string& answer) {
    tell(HttpHead{id, status, answer});
  };
  told.bytes = [this, id](std::string bytes) { tell(HttpBytes{id, std::move(bytes)}); };
  told.ended = [this, id] { tell(HttpEnded{id, true}); };
  link->edge_learns_of_close = [] {};
  const auto request = std::make_shared<OpenHttp>(std::move(action));
  link->to_edge(200 + request->body.size(), [this, link, request, told](std::size_t) {
    edge_.accept_http(link, *request, told);
  });
}

void Page::carry_out(AbortHttp& action) {
  const auto found = exchanges_.find(action.exchange);
  if (found == exchanges_.end()) return;
  const auto link = found->second;
  exchanges_.erase(found);
  link->page_learns_of_cut = [] {};
  if (!link->edge_learns_of_close) link->edge_learns_of_close = [] {};
  link->page_closes();
}

void Page::carry_out(StatusChanged& action) {
  world_.trace("page " + std::to_string(number_) + " status " +
               std::string(transport::name(action.status)));
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
  if (const auto* delta = std::get_if<stream::Delta>(&entry.event)) reader.text += delta->text;
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

void Page::carry_out(Unreachable& action) {
  world_.trace(name(action.ref) + " is unreachable");
  Reader& reader = readers_.at(action.ref);
  if (reader.over()) return fail(action.ref, "was handed back after the end");
  if (!reader.asked) fail(action.ref, "follows, and was handed back");
  if (reader.events > 0) fail(action.ref, "was handed back after its first event");
  if (reader.cancelled_at) fail(action.ref, "was handed back after Stop");
  reader.unreachable = true;
}

std::string Page::name(Ref ref) const {
  return "page " + std::to_string(number_) + " reader " + std::to_string(ref);
}

void Page::fail(Ref ref, const std::string& what) {
  world_.fail(name(ref) + " " + what);
}

}  // namespace weir::simulation
