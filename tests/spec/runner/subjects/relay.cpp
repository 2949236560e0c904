// `relay`: the edge's machine with readers, the provider and the host's search played by the
// transcript. Readers and runs (p1) are numbers; keys and answers are one hexadecimal digit,
// written here once for all 32. Limits are the defaults but where the first line sets them.
//
//   > limits log_bytes=300 linger=5s
//   > ask 1 key=a answer=b [model=m] [question=Why?] [search]     > attach 2 answer=b after=3
//   > cancel 3 key=a [answer=b]      > detach 1
//   > hold 1 | > read 1              (a held reader reads only when told to)
//   > p1 head 200                    > p1 says Hello              > p1 bytes data: ...\n\n
//   > p1 finishes                    > p1 ended | p1 broke | p1 failed | p1 found
//
//   < open p1 [PROVIDER] [key=2] [prefix="..."] | < close p1 | < search p1   < 1: delta #2 "Hello"
//
// Beside openai, which is the default and opened without its name, there are `other` and `third`,
// which speak its language, `writer`, whose model can go on behind a text, and extract;
// `fallbacks=` names those that stand in, `keys=2` gives openai a second key.
#include <map>
#include <set>
#include <variant>

#include "spec/runner/registry.hpp"
#include "spec/runner/subjects/events.hpp"
#include "spec/runner/words.hpp"
#include "support/vocabularies.hpp"
#include "weir/json/json.hpp"
#include "weir/relay/relay.hpp"

namespace weir::spec {
namespace {

using namespace relay;

Id128 id_of(std::string_view digit) {
  return id128_from_hex(std::string(32, digit.empty() ? '0' : digit[0])).value_or(Id128{});
}

std::string chunk(const std::string& choice) {
  return R"(data: {"choices":[{"index":0,)" + choice + "}]}\n\n";
}

provider::Provider make_provider(const std::string& name) {
  provider::Provider made;
  made.name = name;
  made.kind = provider::Provider::Kind::openai;
  made.base_url = "http://" + name + "/v1";
  made.api_key = "key-1";
  made.default_model = "gpt-4o";
  return made;
}

Config base_config() {
  provider::Provider writer = make_provider("writer");
  provider::Model model;
  model.id = writer.default_model;
  model.continues_prefix = true;
  writer.models = {model};
  Config config;
  config.catalog.providers = {make_provider("openai"), make_provider("other"),
                              make_provider("third"), writer,
                              provider::offline_catalog().providers.front()};
  config.add(tokens::embedded_encoding(tokens::EncodingName::cl100k_base));
  config.add(tokens::embedded_encoding(tokens::EncodingName::o200k_base));
  return config;
}

class RelaySubject : public Subject {
 public:
  explicit RelaySubject(Cutter& cutter) : cutter_(cutter) {}

  void input(std::string_view line, std::vector<std::string>& out) override {
    std::string_view rest = line;
    const std::string_view word = take_word(rest);
    if (word == "limits") return set_limits(rest);
    if (!relay_) relay_ = std::make_unique<Relay>(config_);
    known_ = false;
    if (word.size() > 1 && word[0] == 'p') {
      provider(number(word.substr(1)), rest, out);
    } else {
      reader(word, rest, out);
    }
    if (!known_) out.emplace_back("(no such input)");
  }

  void time(Instant now, std::vector<std::string>& out) override {
    if (!relay_) relay_ = std::make_unique<Relay>(config_);
    for (auto at = relay_->deadline(); at && *at <= now; at = relay_->deadline()) {
      now_ = std::max(now_, *at);
      give(Tick{}, out);
    }
    now_ = now;
    give(Tick{}, out);
  }

 private:
  void set_limits(std::string_view rest) {
    if (const auto bytes = option(rest, "log_bytes"))
      config_.answer.log_bytes = static_cast<std::size_t>(number(*bytes));
    if (const auto count = option(rest, "answers"))
      config_.answer.answers = static_cast<std::size_t>(number(*count));
    if (const auto names = option(rest, "fallbacks")) config_.fallbacks = words(*names);
    if (const auto count = option(rest, "retries"))
      config_.recovery.retries = static_cast<std::uint32_t>(number(*count));
    if (const auto keys = option(rest, "keys"); keys && number(*keys) == 2)
      config_.catalog.providers.front().more_keys = {"key-2"};
    const auto linger = duration(option(rest, "linger").value_or(""));
    if (linger) config_.answer.linger = *linger;
    const auto hedge = duration(option(rest, "hedge").value_or(""));
    if (hedge) config_.recovery.hedge = *hedge;
  }

  static std::vector<std::string> words(std::string_view list) {
    std::vector<std::string> all;
    while (!list.empty()) {
      const std::string_view one = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), one.size() + 1));
      all.emplace_back(one);
    }
    return all;
  }

  void reader(std::string_view word, std::string_view rest, std::vector<std::string>& out) {
    const std::uint64_t name = number(rest);
    const auto answer = option(rest, "answer");
    const Id128 key = id_of(option(rest, "key").value_or(""));
    known_ = true;
    if (word == "ask") {
      give(Ask{open(name), key, id_of(answer.value_or("")), request(rest)}, out);
    } else if (word == "attach") {
      const stream::Cursor after = number(option(rest, "after").value_or("0"));
      give(Attach{open(name), id_of(answer.value_or("")), after}, out);
    } else if (word == "cancel") {
      Cancel cancel{open(name), key, std::nullopt};
      if (answer) cancel.answer = id_of(*answer);
      give(cancel, out);
    } else if (word == "detach") {
      const ReaderId id = readers_[name];
      readers_.erase(name);
      give(Detach{id}, out);
    } else if (word == "hold") {
      held_.insert(name);
    } else if (word == "read") {
      read(name, out);
    } else {
      known_ = false;
    }
  }

  static prompt::ChatRequest request(std::string_view rest) {
    prompt::ChatRequest request;
    request.repo_url = "https://example.org/r";
    request.messages = {
        {prompt::Role::user, std::string(option(rest, "question").value_or("Why?"))}};
    request.model = option(rest, "model").value_or("");
    request.provider = option(rest, "provider").value_or("");
    if (rest.find(" search") == std::string_view::npos) request.context.emplace();
    return request;
  }

  void provider(RunId run, std::string_view rest, std::vector<std::string>& out) {
    const std::string_view word = take_word(rest);
    known_ = true;
    if (word == "head") {
      const int status = static_cast<int>(number(rest));
      std::vector<provider::Header> headers = {{"content-type", "text/event-stream"}};
      if (const auto wait = option(rest, "retry-after"))
        headers.push_back({"retry-after", std::string(*wait)});
      give(ProviderHead{run, status, headers}, out);
    } else if (word == "sent") {
      give(ProviderSent{run}, out);
    } else if (word == "says") {
      std::string text;
      json::append_string(text, unescape(rest));
      bytes(run, chunk(R"("delta":{"content":)" + text + "}"), out);
    } else if (word == "finishes") {
      bytes(run, chunk(R"("delta":{},"finish_reason":"stop")") + "data: [DONE]\n\n", out);
    } else if (word == "bytes") {
      bytes(run, unescape(rest), out);
    } else if (word == "ended" || word == "broke") {
      give(ProviderEnded{run, word == "ended"}, out);
    } else if (word == "failed") {
      give(ProviderFailed{run, std::string(rest)}, out);
    } else if (word == "late") {
      give(ProviderFailed{run, std::string(rest), true}, out);
    } else if (word == "found") {
      give(Retrieved{run, prompt::Context{{{"src/a.cpp", 1, 2, "int a;\n"}}, {}}}, out);
    } else if (word == "unknown") {
      give(Retrieved{run, std::nullopt}, out);
    } else {
      known_ = false;
    }
  }

  void bytes(RunId run, const std::string& text, std::vector<std::string>& out) {
    for (const std::string_view piece : cutter_.cut(text)) {
      give(ProviderBytes{run, piece}, out);
    }
  }

  ReaderId open(std::uint64_t name) { return readers_[name] = relay_->open_reader(); }

  void give(Input input, std::vector<std::string>& out) {
    relay_->handle(std::move(input), now_);
    while (const auto action = relay_->poll()) print_action(*action, out);
    for (const auto& [name, id] : readers_) {
      if (held_.count(name) == 0) read(name, out);
    }
  }

  /// What of a call is not as it mostly is.
  static std::string details(const provider::HttpRequest& request) {
    std::string text;
    const std::string host = request.url.substr(7, request.url.find('/', 7) - 7);
    if (host != "openai") text += " " + host;
    for (const provider::Header& header : request.headers) {
      if (header.value == "Bearer key-2") text += " key=2";
    }
    const std::string mark = R"({"role":"assistant","content":)";
    const std::size_t at = request.body.rfind(mark);
    if (at != std::string::npos) {
      const std::size_t begin = at + mark.size();
      text += " prefix=" + request.body.substr(begin, request.body.find('}', begin) - begin);
    }
    return text;
  }

  static void print_action(const Action& action, std::vector<std::string>& out) {
    if (const auto* open = std::get_if<OpenProvider>(&action)) {
      out.push_back("open p" + std::to_string(open->run) + details(open->request));
    } else if (const auto* close = std::get_if<CloseProvider>(&action)) {
      out.push_back("close p" + std::to_string(close->run));
    } else if (const auto* release = std::get_if<ReleaseProvider>(&action)) {
      out.push_back("release p" + std::to_string(release->run));
    } else if (const auto* pause = std::get_if<PauseProvider>(&action)) {
      out.push_back((pause->paused ? "pause p" : "go on with p") + std::to_string(pause->run));
    } else if (const auto* search = std::get_if<Retrieve>(&action)) {
      out.push_back("search p" + std::to_string(search->run));
    }
  }

  void read(std::uint64_t name, std::vector<std::string>& out) {
    for (auto entries = relay_->read(readers_[name], 1 << 16); !entries.empty();
         entries = relay_->read(readers_[name], 1 << 16)) {
      for (const stream::Entry& entry : entries) {
        out.push_back(std::to_string(name) + ": " + print(entry));
      }
    }
  }

  Cutter& cutter_;
  Config config_ = base_config();
  std::unique_ptr<Relay> relay_;
  Instant now_;
  std::map<std::uint64_t, ReaderId> readers_;
  std::set<std::uint64_t> held_;
  bool known_ = false;
};

}  // namespace

std::unique_ptr<Subject> make_relay(Cutter& cutter) {
  return std::make_unique<RelaySubject>(cutter);
}

}  // namespace weir::spec
