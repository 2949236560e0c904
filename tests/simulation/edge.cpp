#include "simulation/edge.hpp"

#include <algorithm>
#include <utility>

#include "support/vocabularies.hpp"

namespace weir::simulation {

namespace {

relay::Config configure(const limits::Answer& limits, const Policy& policy) {
  provider::Provider openai;
  openai.name = "openai";
  openai.kind = provider::Provider::Kind::openai;
  openai.base_url = "http://provider.example/v1";
  openai.default_model = "gpt-4o";
  relay::Config config;
  config.catalog.providers = {openai};
  config.add(tokens::embedded_encoding(tokens::EncodingName::o200k_base));
  config.answer = limits;
  if (policy.running > 0) {
    config.admission.running = policy.running;
    config.admission.queue_wait = 2h;  // longer than any answer
  }
  if (policy.stand_in) {
    openai.name = "second";
    config.catalog.providers.push_back(openai);
    config.fallbacks = {"second"};
    config.recovery.hedge = policy.hedge;
    // Neither ever rests: that nobody stands in is for the transcripts.
    config.recovery.breaker_failures = UINT32_MAX;
    config.recovery.key_rest = 0s;
  }
  return config;
}

std::string header(const transport::OpenHttp& request, std::string_view wanted) {
  for (const auto& [name, value] : request.headers) {
    if (name == wanted) return value;
  }
  return {};
}

/// "/v1/answers/<id>?after=<cursor>&wait=<seconds>": its parts, where they are there.
struct Target {
  std::string answer;
  std::string after;
  std::string wait;
};

std::string query_value(const std::string& path, std::string_view name) {
  const std::size_t at = path.find(name);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size();
  return path.substr(begin, path.find('&', begin) - begin);
}

Target parse_path(const std::string& path) {
  const std::size_t begin = std::string_view("/v1/answers").size();
  std::string answer = path.substr(begin, path.find('?') - begin);
  if (!answer.empty()) answer.erase(0, 1);
  return {answer, query_value(path, "after="), query_value(path, "wait=")};
}

std::string draining_frame() {
  const stream::Notice notice{stream::Notice::Kind::draining, "Going down."};
  return wire::write_server_frame(wire::EventFrame{0, {0, notice}});
}

}  // namespace

Edge::Edge(World& world, std::vector<Question>& questions, const limits::Answer& limits,
           const Policy& policy, int number)
    : world_(world),
      questions_(questions),
      policy_(policy),
      name_("edge " + std::to_string(number)),
      relay_(std::make_unique<relay::Relay>(configure(limits, policy))) {}

relay::Figures Edge::figures() const {
  return relay_ ? relay_->figures() : relay::Figures{};
}

bool Edge::is_running(int question) const {
  return std::any_of(playing_.begin(), playing_.end(),
                     [question](const auto& entry) { return entry.second == question; });
}

// -- connections

Edge::WireId Edge::add_wire(Wire wire) {
  const WireId id = ++last_wire_;
  constexpr std::size_t windows[] = {1, 500, 64 << 10};
  wire.window = windows[world_.below(std::size(windows))];
  wire.link->edge_learns_of_close = [this, id] { close_wire(id); };
  wires_.emplace(id, std::move(wire));
  return id;
}

Edge::WireId Edge::accept_socket(std::shared_ptr<Connection> link, ToldSocket told) {
  Wire wire;
  wire.link = std::move(link);
  wire.told_socket = std::move(told);
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
  const auto frame = wire::read_client_frame(text);
  const auto* cancel = frame ? std::get_if<wire::CancelFrame>(&*frame) : nullptr;
  if (cancel) note_cancel(cancel->key);
  pump(id);
}

void Edge::accept_http(std::shared_ptr<Connection> link, const transport::OpenHttp& request,
                       ToldHttp told) {
  if (stopped()) return link->cut();
  const Instant now = world_.now();
  const limits::Server server;
  const auto [answer, after, wait] = parse_path(request.path);
  const std::string key = header(request, "Weir-Key");
  Wire wire;
  wire.link = std::move(link);
  wire.told_http = std::move(told);
  if (request.method == "POST") {
    wire.http = relay::HttpSession::ask(
        *relay_, [this] { return world_.fresh_id(); }, key, request.body, server, {}, now);
  } else if (request.method == "GET") {
    wire.http = relay::HttpSession::follow(*relay_, answer, after, server, now);
  } else {
    wire.http = relay::HttpSession::cancel(*relay_, answer, key, server, now);
  }
  if (!wait.empty()) wire.http->poll(std::chrono::seconds(std::stoi(wait)), now);
  const WireId id = add_wire(std::move(wire));
  settle();
  if (request.method == "DELETE") note_cancel(*id128_from_hex(key));
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
  stop_if_drained();
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
    auto frame = next_frame(wire);
    if (!frame && draining_ && wire.socket->readers().empty()) return end_socket(id, wire);
    if (!frame) return wake_at_deadline(id, wire);
    if (wire.link->stutters()) send_frame(id, wire, *frame);
    send_frame(id, wire, *std::move(frame));
  }
}

std::optional<std::string> Edge::next_frame(Wire& wire) {
  if (!draining_ || wire.told_draining) return wire.socket->next_frame(world_.now());
  wire.told_draining = true;
  return draining_frame();
}

void Edge::send_frame(WireId id, Wire& wire, std::string frame) {
  wire.under_way += frame.size();
  const auto text = std::make_shared<std::string>(std::move(frame));
  wire.link->to_page(text->size(), true,
                     [this, id, text, told = wire.told_socket.frame](std::size_t n) {
                       told(*text);
                       arrived(id, n);
                     });
}

void Edge::end_socket(WireId id, Wire& wire) {
  wire.link->to_page(1, true, [told = wire.told_socket.closed](std::size_t) { told(); });
  close_wire(id);
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
  const bool held = wire.link->hold() == Hold::all;
  pass_on(wire, held,
          [link = wire.link.get(), status = head.status, answer, told = wire.told_http.head] {
            link->to_page(200, true, [status, answer, told](std::size_t) { told(status, answer); });
          });
  if (!head.body.empty()) send_body(id, wire, head.body);
}

/// Now, or when the response ends.
void Edge::pass_on(Wire& wire, bool held, std::function<void()> what) {
  if (!held) return what();
  wire.held_back.push_back(std::move(what));
}

void Edge::send_body(WireId id, Wire& wire, std::string bytes) {
  const bool held = wire.link->hold() != Hold::nothing;
  if (!held) wire.under_way += bytes.size();
  const auto text = std::make_shared<std::string>(std::move(bytes));
  const auto at = std::make_shared<std::size_t>(0);
  pass_on(wire, held,
          [this, id, held, link = wire.link.get(), text, at, told = wire.told_http.bytes] {
            link->to_page(text->size(), false, [this, id, held, text, at, told](std::size_t n) {
              told(text->substr(*at, n));
              *at += n;
              if (!held) arrived(id, n);
            });
          });
}

void Edge::end_http(WireId id, Wire& wire) {
  for (const auto& what : std::exchange(wire.held_back, {})) what();
  wire.link->to_page(1, true, [told = wire.told_http.ended](std::size_t) { told(true); });
  close_wire(id);
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

// -- its end

void Edge::drain() {
  world_.trace(name_ + " drains");
  draining_ = true;
  std::vector<WireId> ids;
  for (const auto& [id, wire] : wires_) ids.push_back(id);
  for (const WireId id : ids) pump(id);
  world_.after(limits::Server{}.drain, [this] { stop(); });
  stop_if_drained();
}

void Edge::stop_if_drained() {
  if (draining_ && wires_.empty()) world_.after(0s, [this] { stop(); });
}

void Edge::stop() {
  if (stopped()) return;
  world_.trace(name_ + " stops");
  // Whatever it knew is lost; only where all had been read, nobody can tell.
  const relay::Figures figures = relay_->figures();
  if (figures.readers > 0 || figures.running > 0) {
    for (Question& question : questions_) question.disturbed = true;
  }
  std::vector<std::shared_ptr<Connection>> links;
  for (auto& [id, wire] : wires_) links.push_back(wire.link);
  wires_.clear();
  playing_.clear();
  paused_.clear();
  relay_.reset();
  for (const auto& link : links) link->edge_closes();
  for (const auto& link : links) link->cut();
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
  check_calls();
  tick();
}

/// Of each answer that runs one call is open, or two while neither has said anything.
void Edge::check_calls() {
  std::map<int, std::size_t> open;
  for (const auto& [run, number] : playing_) ++open[number];
  if (open.size() > relay_->figures().running) {
    world_.fail("the edge leaves the connection of a run open that is over");
  }
  if (policy_.running > 0 && open.size() > policy_.running) {
    world_.fail("more answers run than may");
  }
  for (const auto& [number, calls] : open) {
    const std::size_t most = policy_.hedge > 0s && !calls_[number].shown ? 2 : 1;
    if (calls > most) world_.fail("question " + std::to_string(number) + " has too many calls");
  }
}

void Edge::tick() {
  const auto at = relay_->deadline();
  if (!at || (ticks_at_ && *ticks_at_ <= *at)) return;
  ticks_at_ = at;
  const Duration wait = std::max(*at - world_.now(), Duration(0));
  world_.after(wait, [this] {
    if (stopped()) return;
    ticks_at_.reset();
    tell(relay::Tick{});
  });
}

void Edge::carry_out(const relay::WakeReader& action) {
  for (auto& [id, wire] : wires_) {
    const bool woken =
        wire.socket ? wire.socket->wake(action.reader) : wire.http->reader() == action.reader;
    if (!woken) continue;
    world_.after(0s, [this, wire_id = id] { pump(wire_id); });
    return;
  }
}

void Edge::carry_out(const relay::Retrieve& action) {
  world_.after(world_.delay(2s), [this, run = action.run] {
    if (!stopped()) tell(relay::Retrieved{run, prompt::Context{}});
  });
}

void Edge::carry_out(const relay::OpenProvider& action) {
  const int number = question_in(action.request.body);
  Question& question = questions_.at(static_cast<std::size_t>(number) - 1);
  world_.trace(name_ + " asks the provider question " + std::to_string(number));
  const std::string subject = "question " + std::to_string(number);
  Calls& calls = calls_[number];
  const std::size_t before = calls.made++;
  if (calls.shown) world_.fail(subject + " was asked again after text was shown");
  if (before >= policy_.calls_most()) world_.fail(subject + " was asked too often");
  const auto cancelled = cancelled_.find(number);
  const bool known = cancelled != cancelled_.end() &&
                     world_.now() < cancelled->second + limits::Answer{}.retention;
  if (known) world_.fail(subject + " was revived after Stop");
  playing_[action.run] = number;
  if (before < question.stumbles.size()) return stumble(action.run, question.stumbles[before]);
  if (before == question.stumbles.size()) ++question.calls;
  const Script& script = question.script;
  world_.after(world_.delay(3s), [this, run = action.run, &script] {
    if (!plays(run)) return;
    if (script.end == Script::End::refuses) {
      playing_.erase(run);
      return tell(relay::ProviderFailed{run, "refused"});
    }
    tell(relay::ProviderHead{run, script.status, {{"content-type", "text/event-stream"}}});
    play(run, script, 0);
  });
}

void Edge::stumble(relay::RunId run, Stumble how) {
  if (how == Stumble::says_nothing) return;
  world_.after(world_.delay(3s), [this, run, how] {
    if (!plays(run)) return;
    playing_.erase(run);
    if (how == Stumble::refuses) return tell(relay::ProviderFailed{run, "refused"});
    if (how == Stumble::is_overloaded) tell(relay::ProviderHead{run, 503, {}});
    tell(relay::ProviderEnded{run, how == Stumble::is_overloaded});
  });
}

void Edge::play(relay::RunId run, const Script& script, std::size_t piece) {
  if (piece == script.pieces.size()) {
    if (script.end == Script::End::hangs) return;
    playing_.erase(run);
    return tell(relay::ProviderEnded{run, script.end == Script::End::closes});
  }
  world_.after(script.pieces[piece].wait, [this, run, &script, piece] {
    if (!plays(run)) return;
    if (paused_.count(run) > 0) return play_later(run, script, piece);
    note_sent(run, script.pieces[piece].text);
    tell(relay::ProviderBytes{run, script.pieces[piece].bytes});
    if (plays(run)) play(run, script, piece + 1);
  });
}

void Edge::note_sent(relay::RunId run, std::size_t text) {
  Question& question = questions_.at(static_cast<std::size_t>(playing_.at(run)) - 1);
  question.sent.emplace_back(world_.now(), text);
  if (text > 0) calls_[question.number].shown = true;
}

/// A paused connection is looked at again a little later.
void Edge::play_later(relay::RunId run, const Script& script, std::size_t piece) {
  world_.after(1ms, [this, run, &script, piece] {
    if (plays(run)) play(run, script, piece);
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

/// Stop has come, over whatever way: nothing may run for this question now or later.
void Edge::note_cancel(const Id128& key) {
  for (const Question& question : questions_) {
    if (question.key != key) continue;
    cancelled_.emplace(question.number, world_.now());
    if (is_running(question.number)) {
      world_.fail("question " + std::to_string(question.number) + " runs on after Stop");
    }
  }
}

}  // namespace weir::simulation
