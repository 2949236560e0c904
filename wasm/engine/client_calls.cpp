// The client machine as flat functions: inputs and actions as JSON.
#include <limits>

#include "engine/boundary.hpp"
#include "engine/encodings.hpp"
#include "engine/json_values.hpp"
#include "engine/researcher.hpp"
#include "weir/prompt/context.hpp"
#include "weir/wire/frames.hpp"

namespace weir::boundary {
namespace {

Handles<client::Researcher> clients;

Instant instant(double milliseconds) {
  return Instant(Duration(static_cast<std::int64_t>(milliseconds * 1000.0)));
}

/// Rounded up, so that a host that wakes at the deadline finds it reached.
double milliseconds(Instant instant) {
  return static_cast<double>((instant.time_since_epoch().count() + 999) / 1000);
}

// -- inputs

Id128 id_of(const json::Value& input, std::string_view member) {
  return id128_from_hex(json::string_or(input, member)).value_or(Id128{});
}

client::Ask ask_of(const json::Value& input, std::string_view payload) {
  return {unsigned_of(input, "ref"), id_of(input, "key"), id_of(input, "answer"),
          std::string(payload), json::boolean_or(input, "again", false)};
}

client::ResearchAsk research_of(const json::Value& input, std::string_view payload) {
  client::ResearchAsk ask;
  if (const json::Value* turns = json::find(input, "turns"); turns && turns->is_array()) {
    for (const json::Value& turn : *turns) ask.turns.push_back(ask_of(turn, payload));
  }
  ask.searched = json::boolean_or(input, "searched", false);
  ask.question_searched = json::boolean_or(input, "question_searched", true);
  return ask;
}

Passage passage_of(const json::Value& value) {
  return {json::string_or(value, "path"), unsigned_of(value, "start_line"),
          unsigned_of(value, "end_line"), json::string_or(value, "text")};
}

/// {"hits": array of Hit, "file"?: {"path", "text", "lines"}}; nothing where nothing was searched.
std::optional<client::FoundHere> found_of(std::string_view payload) {
  const Result<json::Value> parsed = json::parse(payload);
  const json::Value* hits = parsed ? json::find(*parsed, "hits") : nullptr;
  if (!hits || !hits->is_array()) return std::nullopt;
  client::FoundHere found;
  for (const json::Value& hit : *hits) {
    found.context.passages.push_back(passage_of(hit));
    found.hits.push_back(json::write(hit));
  }
  if (const json::Value* file = json::find(*parsed, "file")) {
    found.context.file =
        prompt::first_lines({json::string_or(*file, "path"), json::string_or(*file, "text"),
                             unsigned_of(*file, "lines")});
  }
  return found;
}

client::Found found_for_run(const json::Value& input, std::string_view payload) {
  auto found = found_of(payload);
  client::Found told{static_cast<relay::RunId>(json::integer_or(input, "run", 0)), std::nullopt};
  if (found) told.context = std::move(found->context);
  return told;
}

std::optional<client::Input> local_input(std::string_view type, const json::Value& input,
                                         std::string_view payload) {
  if (type == "ask") return ask_of(input, payload);
  if (type == "found" && json::find(input, "run")) return found_for_run(input, payload);
  if (type == "woken") return client::Woken{};
  if (type == "encoding_loaded") {
    return client::EncodingLoaded{find_encoding(unsigned_of(input, "encoding"))};
  }
  return std::nullopt;
}

std::optional<transport::Input> socket_input(std::string_view type, const json::Value& input,
                                             std::string_view payload) {
  const transport::SocketId socket = unsigned_of(input, "socket");
  if (type == "socket_opened") return transport::SocketOpened{socket};
  if (type == "socket_text") return transport::SocketText{socket, std::string(payload)};
  if (type == "socket_closed") return transport::SocketClosed{socket};
  return std::nullopt;
}

std::optional<transport::Input> http_input(std::string_view type, const json::Value& input,
                                           std::string_view payload) {
  const transport::ExchangeId exchange = unsigned_of(input, "exchange");
  if (type == "http_head") {
    return transport::HttpHead{exchange, static_cast<int>(unsigned_of(input, "status")),
                               json::string_or(input, "answer")};
  }
  if (type == "http_bytes") return transport::HttpBytes{exchange, std::string(payload)};
  if (type == "http_ended") {
    return transport::HttpEnded{exchange, json::boolean_or(input, "clean", false)};
  }
  return std::nullopt;
}

std::optional<transport::Input> reader_input(std::string_view type, const json::Value& input) {
  if (type == "tick") return transport::Tick{};
  if (type == "connect") return transport::Connect{};
  if (type == "http_answered") return transport::HttpAnswered{};
  if (type == "follow") {
    const auto after = static_cast<stream::Cursor>(json::integer_or(input, "after", 0));
    return transport::Follow{unsigned_of(input, "ref"), id_of(input, "answer"), after,
                             id128_from_hex(json::string_or(input, "key"))};
  }
  if (type == "cancel") return transport::Cancel{unsigned_of(input, "ref")};
  if (type == "network_changed") {
    return transport::NetworkChanged{json::boolean_or(input, "online", true)};
  }
  return std::nullopt;
}

std::optional<client::ResearchInput> input_of(const json::Value& input, std::string_view payload) {
  const std::string type = json::string_or(input, "type");
  if (type == "research") return research_of(input, payload);
  if (type == "found" && json::find(input, "research")) {
    return client::FoundForTurn{unsigned_of(input, "research"), found_of(payload)};
  }
  if (auto local = local_input(type, input, payload)) return local;
  if (auto socket = socket_input(type, input, payload)) return client::Input(*std::move(socket));
  if (auto http = http_input(type, input, payload)) return client::Input(*std::move(http));
  if (auto reader = reader_input(type, input)) return client::Input(*std::move(reader));
  return std::nullopt;
}

// -- actions

std::string text(const client::LoadEncoding&) {
  return R"({"type":"load_encoding"})";
}
/// Completed by what says whom the search is for.
json::Value find_action(const prompt::ChatRequest& request) {
  json::Value queries = json::Value::array();
  for (const retrieval::Query& query : prompt::queries_for(request)) {
    queries.push_back({{"text", query.text},
                       {"limit", query.limit},
                       {"include", query.include},
                       {"exclude", query.exclude},
                       {"prefer_path", query.prefer_path}});
  }
  return {{"type", "find"},
          {"repository", request.repo_url},
          {"queries", std::move(queries)},
          {"file", prompt::file_path(request)}};
}
std::string text(const client::Find& find) {
  json::Value action = find_action(find.request);
  action["run"] = find.run;
  return json::write(action);
}
std::string text(const client::FindForTurn& find) {
  json::Value action = find_action(find.request);
  action["research"] = find.research;
  return json::write(action);
}
std::string text(const transport::OpenSocket& open) {
  return json::write({{"type", "open_socket"}, {"socket", open.socket}});
}
std::string text(const transport::SendText& send) {
  return json::write({{"type", "send_text"}, {"socket", send.socket}, {"text", send.text}});
}
std::string text(const transport::CloseSocket& close) {
  return json::write({{"type", "close_socket"}, {"socket", close.socket}});
}
std::string text(const transport::OpenHttp& open) {
  json::Value headers = json::Value::object();
  for (const auto& [name, value] : open.headers) headers[name] = value;
  return json::write({{"type", "open_http"},
                      {"exchange", open.exchange},
                      {"method", open.method},
                      {"path", open.path},
                      {"headers", std::move(headers)},
                      {"body", open.body}});
}
std::string text(const transport::AbortHttp& abort) {
  return json::write({{"type", "abort_http"}, {"exchange", abort.exchange}});
}
std::string text(const transport::StatusChanged& changed) {
  return json::write({{"type", "status"}, {"status", transport::name(changed.status)}});
}
/// `event` is as the npm package yields it; `last`: nothing of this answer follows; `local`: it was
/// composed here.
std::string event_text(const transport::Deliver& deliver, bool local) {
  return R"({"type":"event","ref":)" + std::to_string(deliver.ref) + R"(,"last":)" +
         (stream::ends_answer(deliver.entry.event) ? "true" : "false") + R"(,"local":)" +
         (local ? "true" : "false") + R"(,"event":)" + wire::write_event(deliver.entry) + "}";
}
std::string text(const transport::Deliver& deliver) {
  return event_text(deliver, false);
}
std::string text(const client::DeliverLocal& local) {
  return event_text(local.deliver, true);
}
std::string text(const transport::Unreachable&) {
  __builtin_trap();  // the client answers these itself
}
std::string text(const transport::Action& action) {
  return std::visit([](const auto& part) { return text(part); }, action);
}
std::string text(const client::Action& action) {
  return std::visit([](const auto& part) { return text(part); }, action);
}
std::string text(const client::Told& told) {
  return event_text(told.deliver, told.local);
}
/// As an event of the research; `hits` is absent where whoever answers retrieves.
std::string text(const client::Stage& stage) {
  const json::Value event = {{"type", "stage"},
                             {"stage", name(stage.turn.stage)},
                             {"turn", stage.turn.number},
                             {"turns", stage.turns_most},
                             {"queries", stage.turn.queries}};
  std::string out = R"({"type":"event","ref":)" + std::to_string(stage.ref) +
                    R"(,"last":false,"local":false,"event":)" + json::write(event);
  if (stage.hits) {
    out.back() = ',';
    out += R"("hits":[)";
    for (const std::string& hit : *stage.hits) {
      if (&hit != &stage.hits->front()) out += ',';
      out += hit;
    }
    out += "]}";
  }
  return out + "}";
}

// -- calls

void open(std::string_view options) {
  const Result<json::Value> parsed = json::parse(options);
  if (!parsed) return fail(parsed.error());
  client::Config config;
  config.edge = json::boolean_or(*parsed, "edge", false);
  config.jitter_seed = unsigned_of(*parsed, "seed");
  auto client = std::make_unique<client::Researcher>(std::move(config));
  give(json::Value{{"client", clients.open(std::move(client))}});
}

void handle(client::Researcher& client, double now, std::string_view input,
            std::string_view payload) {
  const Result<json::Value> parsed = json::parse(input);
  if (!parsed) return fail(parsed.error());
  std::optional<client::ResearchInput> known = input_of(*parsed, payload);
  if (!known) {
    return fail({ErrorCode::internal, "The client knows no input of this type.", ""});
  }
  client.handle(*std::move(known), instant(now));
  give(std::string());
}

void poll(client::Researcher& client) {
  const std::optional<client::ResearchAction> action = client.poll();
  give(action ? std::visit([](const auto& part) { return text(part); }, *action) : std::string());
}

void figures(const client::Client& client) {
  const transport::Figures figures = client.figures();
  give(json::Value{{"status", transport::name(client.status())},
                   {"sockets_opened", figures.sockets_opened},
                   {"http_exchanges", figures.exchanges_opened},
                   {"resumes", figures.resumes},
                   {"bytes_received", figures.bytes_received}});
}

}  // namespace
}  // namespace weir::boundary

using namespace weir::boundary;

/// Options {"edge": whether there is one, "seed": 32 random bits for jitter} -> {"client": handle}.
WEIR_EXPORT void weir_client_open(const std::uint8_t* options, std::uint32_t options_size) {
  open(text_of(options, options_size));
}

/// An input {"type", ...} and the bytes that belong to it (an ask's request, a socket's text, a
/// response's bytes). `now` is in milliseconds, on a clock that never goes back.
WEIR_EXPORT void weir_client_handle(std::uint32_t client, double now, const std::uint8_t* input,
                                    std::uint32_t input_size, const std::uint8_t* payload,
                                    std::uint32_t payload_size) {
  weir::client::Researcher* found = clients.find(client);
  found ? handle(*found, now, text_of(input, input_size), text_of(payload, payload_size))
        : fail(no_such_handle("client"));
}

/// The next action {"type", ...}, or nothing at all. To be called after every handle, until empty.
WEIR_EXPORT void weir_client_poll(std::uint32_t client) {
  weir::client::Researcher* found = clients.find(client);
  found ? poll(*found) : fail(no_such_handle("client"));
}

/// When to come with {"type": "tick"}, in milliseconds; infinity: not before something happens.
WEIR_EXPORT double weir_client_deadline(std::uint32_t client) {
  const weir::client::Researcher* found = clients.find(client);
  const std::optional<weir::Instant> deadline = found ? found->deadline() : std::nullopt;
  return deadline ? milliseconds(*deadline) : std::numeric_limits<double>::infinity();
}

/// How the edge is reached and what it took so far: {"status", "sockets_opened", "http_exchanges",
/// "resumes", "bytes_received"}.
WEIR_EXPORT void weir_client_figures(std::uint32_t client) {
  const weir::client::Researcher* found = clients.find(client);
  found ? figures(found->client()) : fail(no_such_handle("client"));
}

WEIR_EXPORT void weir_client_close(std::uint32_t client) {
  clients.take(client);
}
