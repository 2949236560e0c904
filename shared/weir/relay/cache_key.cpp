#include "weir/relay/cache_key.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"

namespace weir::relay {
namespace {

/// Everything has a length before it or is of one length, so what differs is written differently.
class Canonical {
 public:
  void number(std::uint64_t number) { store_little_endian(out_, number); }
  void text(std::string_view text) {
    number(text.size());
    out_ += text;
  }
  template <class Item>
  void list(const std::vector<Item>& items) {
    number(items.size());
    for (const Item& item : items) add(item);
  }

  void add(const std::string& each) { text(each); }
  void add(const PassageRef& passage) {
    text(passage.path);
    number(passage.start_line);
    number(passage.end_line);
  }
  void add(const Passage& passage) { add(ref(passage)); }
  void add(const stream::DroppedPassage& dropped) { add(dropped.passage); }
  void add(const prompt::ToolCall& call) {
    text(call.id);
    text(call.name);
    text(call.arguments);
  }
  void add(const prompt::Tool& tool) {
    text(tool.name);
    text(tool.description);
    text(tool.parameters);
    number(tool.strict ? 1 : 0);
  }
  void add(const prompt::Message& message) {
    number(static_cast<std::uint64_t>(message.role));
    text(message.content);
    list(message.tool_calls);
    text(message.tool_call_id);
  }
  void add(const prompt::ToolChoice& choice) {
    number(static_cast<std::uint64_t>(choice.mode));
    text(choice.name);
    number(choice.parallel ? 1 : 0);
  }
  void add(const prompt::Generation& generation) {
    text(generation.temperature);
    text(generation.top_p);
    text(generation.frequency_penalty);
    text(generation.presence_penalty);
    text(generation.seed);
    number(generation.answer_tokens ? 1 : 0);
    number(generation.answer_tokens.value_or(0));
    list(generation.stop);
    text(generation.reasoning_effort);
    number(static_cast<std::uint64_t>(generation.format));
    text(generation.format_name);
    text(generation.format_schema);
    number(generation.format_strict ? 1 : 0);
  }

  const std::string& written() const { return out_; }

 private:
  std::string out_;
};

}  // namespace

CacheKey cache_key(std::uint64_t client, const Run& run, const prompt::Prompt& prompt,
                   const provider::Digests& digests) {
  Canonical asked;
  asked.number(client);
  asked.text(run.provider->name);
  asked.text(run.model.id);
  asked.list(prompt.messages);
  asked.list(prompt.tools);
  asked.add(prompt.tool_choice);
  asked.add(prompt.generation);
  asked.list(prompt.passages);
  asked.list(prompt.dropped);
  asked.number(prompt.dropped_messages);
  asked.number(run.unsearched ? 1 : 0);
  asked.number(run.unknown_repository ? 1 : 0);
  return digests.sha256(asked.written());
}

}  // namespace weir::relay
