#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/vocabularies.hpp"
#include "weir/json/json.hpp"
#include "weir/relay/relay.hpp"

namespace weir::relay {

inline Id128 id_of(std::uint8_t byte) {
  Id128 id;
  id.bytes.fill(byte);
  return id;
}

inline Config test_config() {
  provider::Provider openai;
  openai.name = "openai";
  openai.kind = provider::Provider::Kind::openai;
  openai.base_url = "http://127.0.0.1:9/v1";
  openai.api_key = "sk-secret";
  openai.default_model = "gpt-4o";
  Config config;
  config.catalog.providers = {openai, provider::offline_catalog().providers.front()};
  config.add(tokens::embedded_encoding(tokens::EncodingName::cl100k_base));
  config.add(tokens::embedded_encoding(tokens::EncodingName::o200k_base));
  config.recovery.retries = 0;
  return config;
}

inline prompt::ChatRequest question(std::string text) {
  prompt::ChatRequest request;
  request.messages.push_back({prompt::Role::user, std::move(text)});
  request.context.emplace();
  return request;
}

/// An event in few words: "2 delta Hello", "4 error cancelled", "0 gap 7".
inline std::string in_words(const stream::Entry& entry) {
  std::string text = std::to_string(entry.cursor) + " ";
  text += stream::type_name(entry.event);
  if (const auto* delta = std::get_if<stream::Delta>(&entry.event)) text += " " + delta->text;
  if (const auto* done = std::get_if<stream::Done>(&entry.event)) text += " " + done->finish_reason;
  if (const auto* gap = std::get_if<stream::Gap>(&entry.event)) {
    text += " " + std::to_string(gap->kept_from);
  }
  if (const auto* failed = std::get_if<stream::Failed>(&entry.event)) {
    text += " ";
    text += name(failed->error.code);
  }
  return text;
}

using Words = std::vector<std::string>;

/// A host that carries out nothing by itself: it keeps what the relay wanted, and the test plays
/// the provider.
class Host {
 public:
  explicit Host(Config config = test_config()) : relay(std::move(config)) {}

  void give(Input input) {
    relay.handle(std::move(input), now);
    settle();
  }
  ReaderId ask(std::uint8_t key, prompt::ChatRequest request = question("Why?")) {
    const ReaderId reader = relay.open_reader();
    give(Ask{reader, id_of(key), id_of(static_cast<std::uint8_t>(100 + ++answers)),
             std::move(request)});
    return reader;
  }
  ReaderId attach(const Id128& answer, stream::Cursor after) {
    const ReaderId reader = relay.open_reader();
    give(Attach{reader, answer, after});
    return reader;
  }
  ReaderId cancel(std::uint8_t key, std::optional<Id128> answer = {}) {
    const ReaderId reader = relay.open_reader();
    give(Cancel{reader, id_of(key), answer});
    return reader;
  }
  void detach(ReaderId reader) { give(Detach{reader}); }

  void head(RunId run, int status = 200) {
    give(ProviderHead{run, status, {{"content-type", "text/event-stream"}}});
  }
  void say(RunId run, std::string_view text) {
    std::string bytes = R"(data: {"choices":[{"index":0,"delta":{"content":)";
    json::append_string(bytes, text);
    give(ProviderBytes{run, bytes + "}}]}\n\n"});
  }
  /// The provider's last word: the relay wants no more of it.
  void finish(RunId run) {
    give(ProviderBytes{run,
                       "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
                       "\"stop\"}]}\n\ndata: [DONE]\n\n"});
  }

  /// Lets time pass, with a tick at every deadline on the way.
  void pass(Duration duration) {
    const Instant until = now + duration;
    for (auto due = relay.deadline(); due && *due <= until; due = relay.deadline()) {
      now = std::max(now, *due);
      give(Tick{});
    }
    now = until;
    give(Tick{});
  }

  std::vector<stream::Entry> entries(ReaderId reader) {
    std::vector<stream::Entry> all;
    while (true) {
      auto some = relay.read(reader, 1 << 20);
      settle();
      if (some.empty()) return all;
      for (auto& entry : some) all.push_back(std::move(entry));
    }
  }
  Words read(ReaderId reader) {
    Words words;
    for (const auto& entry : entries(reader)) words.push_back(in_words(entry));
    return words;
  }
  /// The error that is the reader's last entry.
  stream::Failed failure(ReaderId reader) {
    const auto all = entries(reader);
    if (all.empty() || !std::holds_alternative<stream::Failed>(all.back().event)) {
      ADD_FAILURE() << "no error came";
      return {};
    }
    return std::get<stream::Failed>(all.back().event);
  }
  std::size_t wakes_of(ReaderId reader) const {
    std::size_t count = 0;
    for (const ReaderId each : wakes) count += each == reader ? 1 : 0;
    return count;
  }

  Instant now = Instant(1h);
  Relay relay;
  std::vector<Retrieve> retrieves;
  std::vector<OpenProvider> opened;
  std::vector<RunId> closed;
  std::vector<RunId> released;
  bool paused = false;
  std::vector<ReaderId> wakes;

 private:
  void settle() {
    while (auto action = relay.poll()) {
      if (auto* retrieve = std::get_if<Retrieve>(&*action)) retrieves.push_back(*retrieve);
      if (auto* open = std::get_if<OpenProvider>(&*action)) {
        opened.push_back(*open);
        relay.handle(ProviderSent{open->run}, now);
      }
      if (auto* release = std::get_if<ReleaseProvider>(&*action)) released.push_back(release->run);
      if (auto* pause = std::get_if<PauseProvider>(&*action)) paused = pause->paused;
      if (auto* close = std::get_if<CloseProvider>(&*action)) closed.push_back(close->run);
      if (auto* wake = std::get_if<WakeReader>(&*action)) wakes.push_back(wake->reader);
    }
  }

  int answers = 0;
};

}  // namespace weir::relay
