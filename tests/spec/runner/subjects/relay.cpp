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
//   < open p1 | < close p1 | < search p1           < 1: delta #2 "Hello"
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

Config base_config() {
  provider::Provider openai;
  openai.name = "openai";
  openai.kind = provider::Provider::Kind::openai;
  openai.base_url = "http://provider.example/v1";
  openai.default_model = "gpt-4o";
  Config config;
  config.catalog.providers = {openai, provider::offline_catalog().providers.front()};
  config.cl100k_base = &tokens::embedded_encoding(tokens::EncodingName::cl100k_base);
  config.o200k_base = &tokens::embedded_encoding(tokens::EncodingName::o200k_base);
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
    const auto linger = duration(option(rest, "linger").value_or(""));
    if (linger) config_.answer.linger = *linger;
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
      give(ProviderHead{run, status, {{"content-type", "text/event-stream"}}}, out);
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
      give(Retrieved{run, {{"src/a.cpp", 1, 2, "int a;\n"}}}, out);
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

  static void print_action(const Action& action, std::vector<std::string>& out) {
    if (const auto* open = std::get_if<OpenProvider>(&action)) {
      out.push_back("open p" + std::to_string(open->run));
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
