#include "simulation/edge.hpp"

#include <utility>

#include "support/vocabularies.hpp"

namespace weir::simulation {

namespace {

relay::Config configure(const limits::Answer& limits) {
  provider::Provider openai;
  openai.name = "openai";
  openai.kind = provider::Provider::Kind::openai;
  openai.base_url = "http://provider.example/v1";
  openai.default_model = "gpt-4o";
  relay::Config config;
  config.catalog.providers = {openai};
  config.o200k_base = &tokens::embedded_encoding(tokens::EncodingName::o200k_base);
  config.answer = limits;
  return config;
}

std::string header(const transport::OpenHttp& request, std::string_view wanted) {
  for (const auto& [name, value] : request.headers) {
    if (name == wanted) return value;
  }
  return {};
}

/// "/v1/answers/<id>?after=<cursor>": the last two, where they are there.
std::pair<std::string, std::string> parse_path(const std::string& path) {
  const std::string rest = path.substr(std::string_view("/v1/answers").size());
  const std::size_t query = rest.find("?after=");
  std::string id = rest.substr(0, query);
  if (!id.empty()) id.erase(0, 1);
  return {id, query == std::string::npos ? std::string() : rest.substr(query + 7)};
}

}  // namespace

Edge::Edge(World& world, std::vector<Question>& questions, const limits::Answer& limits)
    : world_(world),
      questions_(questions),
      config_(configure(limits)),
      relay_(std::make_unique<relay::Relay>(config_)) {}

// -- connections

Edge::WireId Edge::add_wire(Wire wire) {
  const WireId id = ++last_wire_;
  constexpr std::size_t windows[] = {1, 500, 64 << 10};
  wire.window = windows[world_.below(std::size(windows))];
  wire.link->edge_learns_of_close = [this, id] { close_wire(id); };
  wires_.emplace(id, std::move(wire));
  return id;
}

Edge::WireId Edge::accept_socket(std::shared_ptr<Connection> link, Frame to_page) {
  Wire wire;
  wire.link = std::move(link);
  wire.frame = std::move(to_page);
  wire.socket = std::make_unique<relay::SocketSession>(
      *relay_, [this] { return world_.fresh_id(); }, limits::Server{}, limits::Request{},
      world_.now());
  const WireId id = add_wire(std::move(wire));
  pump(id);
  return id;
}

void Edge::receive_frame(WireId id, const std::string& text) {
  const auto found = wires_.find(id);
  if (found == wires_.end()) return;
  found->second.socket->receive(text, world_.now());
  settle();
  pump(id);
}

void Edge::accept_http(std::shared_ptr<Connection> link, const transport::OpenHttp& request,
                       Told told) {
  const Instant now = world_.now();
  const limits::Server server;
  const auto [answer, after] = parse_path(request.path);
  Wire wire;
  wire.link = std::move(link);
  wire.told = std::move(told);
  if (request.method == "POST") {
    wire.http = relay::HttpSession::ask(
        *relay_, [this] { return world_.fresh_id(); }, header(request, "Weir-Key"), request.body,
        server, {}, now);
  } else if (request.method == "GET") {
    wire.http = relay::HttpSession::follow(*relay_, answer, after, server, now);
  } else {
    wire.http =
        relay::HttpSession::cancel(*relay_, answer, header(request, "Weir-Key"), server, now);
  }
  const WireId id = add_wire(std::move(wire));
  settle();
  pump(id);
}

void Edge::close_wire(WireId id) {
  const auto found = wires_.find(id);
  if (found == wires_.end()) return;
  Wire wire = std::move(found->second);
  wires_.erase(found);
  wire.link->edge_closes();
  if (wire.socket) wire.socket->close(world_.now());
  if (wire.http) wire.http->close(world_.now());
  settle();
}

void Edge::pump(WireId id) {
  const auto found = wires_.find(id);
  if (found == wires_.end()) return;
  Wire& wire = found->second;
  if (wire.socket) {
    pump_socket(id, wire);
  } else {
    pump_http(id, wire);
  }
  settle();
}

void Edge::pump_socket(WireId id, Wire& wire) {
  while (wire.under_way < wire.window) {
    auto frame = wire.socket->next_frame(world_.now());
    if (!frame) return wake_at_deadline(id, wire);
    if (wire.link->stutters()) send_frame(id, wire, *frame);
    send_frame(id, wire, *std::move(frame));
  }
}

void Edge::send_frame(WireId id, Wire& wire, std::string frame) {
  wire.under_way += frame.size();
  const auto text = std::make_shared<std::string>(std::move(frame));
  wire.link->to_page(text->size(), true, [this, id, text, to_page = wire.frame](std::size_t n) {
    to_page(*text);
    arrived(id, n);
  });
}

void Edge::pump_http(WireId id, Wire& wire) {
  if (!wire.head_sent) {
    const auto head = wire.http->head(world_.now());
    if (!head) return;
    send_head(id, wire, *head);
    if (!head->streams) return end_http(id, wire);
  }
  while (wire.under_way < wire.window) {
    auto chunk = wire.http->next_chunk(world_.now());
    if (!chunk) break;
    if (wire.link->stutters()) send_body(id, wire, *chunk);
    send_body(id, wire, *std::move(chunk));
  }
  if (wire.http->finished()) return end_http(id, wire);
  if (wire.under_way < wire.window) wake_at_deadline(id, wire);
}

void Edge::send_head(WireId id, Wire& wire, const relay::HttpSession::Head& head) {
  wire.head_sent = true;
  const std::string answer = head.answer ? to_hex(*head.answer) : "";
  wire.link->to_page(200, true, [status = head.status, answer, told = wire.told](std::size_t) {
    told.head(status, answer);
  });
  if (!head.body.empty()) send_body(id, wire, head.body);
}

void Edge::send_body(WireId id, Wire& wire, std::string bytes) {
  wire.under_way += bytes.size();
  const std::size_t size = bytes.size();
  const auto text = std::make_shared<std::string>(std::move(bytes));
  const auto at = std::make_shared<std::size_t>(0);
  wire.link->to_page(size, false, [this, id, text, at, told = wire.told](std::size_t n) {
    told.bytes(text->substr(*at, n));
    *at += n;
    arrived(id, n);
  });
}

void Edge::end_http(WireId id, Wire& wire) {
  wire.link->to_page(1, true, [told = wire.told](std::size_t) { told.ended(); });
  wire.link->edge_closes();
  wire.http->close(world_.now());
  wires_.erase(id);
}

void Edge::arrived(WireId id, std::size_t bytes) {
  const auto found = wires_.find(id);
  if (found == wires_.end()) return;
  found->second.under_way -= bytes;
  pump(id);
}

void Edge::wake_at_deadline(WireId id, Wire& wire) {
  const auto at = wire.socket ? wire.socket->deadline() : wire.http->deadline();
  if (!at || (wire.wakes_at && *wire.wakes_at <= *at)) return;
  wire.wakes_at = at;
  world_.after(*at - world_.now(), [this, id] {
    const auto found = wires_.find(id);
    if (found == wires_.end()) return;
    found->second.wakes_at.reset();
    pump(id);
  });
}

void Edge::restart() {
  world_.trace("edge restarts");
  std::vector<std::shared_ptr<Connection>> links;
  for (auto& [id, wire] : wires_) links.push_back(wire.link);
  wires_.clear();
  for (const auto& link : links) link->edge_closes();
  for (const auto& link : links) link->cut();
  playing_.clear();
  paused_.clear();
  ++life_;
  ticks_at_.reset();
  for (Question& question : questions_) {
    question.calls = 0;
    question.disturbed = true;
  }
  relay_ = std::make_unique<relay::Relay>(config_);
}

// -- the relay

void Edge::tell(relay::Input input) {
  relay_->handle(std::move(input), world_.now());
  settle();
}

void Edge::settle() {
  while (auto action = relay_->poll()) {
    std::visit([this](const auto& alternative) { carry_out(alternative); }, *action);
  }
  if (playing_.size() > relay_->figures().running) {
    world_.fail("the edge leaves the connection of a run open that is over");
  }
  tick();
}

void Edge::tick() {
  const auto at = relay_->deadline();
  if (!at || (ticks_at_ && *ticks_at_ <= *at)) return;
  ticks_at_ = at;
  const Duration wait = std::max(*at - world_.now(), Duration(0));
  world_.after(wait, [this, life = life_] {
    if (life != life_) return;
    ticks_at_.reset();
    tell(relay::Tick{});
  });
}

void Edge::carry_out(const relay::WakeReader& action) {
  for (auto& [id, wire] : wires_) {
    const bool woken =
        wire.socket ? wire.socket->wake(action.reader) : wire.http->reader() == action.reader;
    if (!woken) continue;
    if (wire.http) wire.http->wake();
    world_.after(0s, [this, wire_id = id] { pump(wire_id); });
    return;
  }
}

void Edge::carry_out(const relay::Retrieve& action) {
  world_.after(world_.delay(2s), [this, run = action.run, life = life_] {
    if (life == life_) tell(relay::Retrieved{run, {}});
  });
}

void Edge::carry_out(const relay::OpenProvider& action) {
  const int number = question_in(action.request.body);
  Question& question = questions_.at(static_cast<std::size_t>(number) - 1);
  world_.trace("provider is asked question " + std::to_string(number));
  if (++question.calls > 1) {
    world_.fail("question " + std::to_string(number) + " was sent to the provider twice");
  }
  playing_.insert(action.run);
  const Script& script = question.script;
  world_.after(world_.delay(3s), [this, run = action.run, &script, life = life_] {
    if (life != life_ || playing_.count(run) == 0) return;
    if (script.end == Script::End::refuses) {
      playing_.erase(run);
      return tell(relay::ProviderFailed{run, "refused"});
    }
    tell(relay::ProviderHead{run, script.status, {{"content-type", "text/event-stream"}}});
    play(run, script, 0);
  });
}

void Edge::play(relay::RunId run, const Script& script, std::size_t piece) {
  if (piece == script.pieces.size()) {
    if (script.end == Script::End::hangs) return;
    playing_.erase(run);
    return tell(relay::ProviderEnded{run, script.end == Script::End::closes});
  }
  world_.after(script.pieces[piece].wait, [this, run, &script, piece, life = life_] {
    if (life != life_ || playing_.count(run) == 0) return;
    if (paused_.count(run) > 0) return play_later(run, script, piece);
    tell(relay::ProviderBytes{run, script.pieces[piece].bytes});
    if (playing_.count(run) > 0) play(run, script, piece + 1);
  });
}

/// A paused connection is looked at again a little later.
void Edge::play_later(relay::RunId run, const Script& script, std::size_t piece) {
  world_.after(1ms, [this, run, &script, piece, life = life_] {
    if (life == life_ && playing_.count(run) > 0) play(run, script, piece);
  });
}

void Edge::carry_out(const relay::CloseProvider& action) {
  playing_.erase(action.run);
}

void Edge::carry_out(const relay::ReleaseProvider& action) {
  playing_.erase(action.run);
}

void Edge::carry_out(const relay::PauseProvider& action) {
  if (action.paused) {
    paused_.insert(action.run);
  } else {
    paused_.erase(action.run);
  }
}

}  // namespace weir::simulation
