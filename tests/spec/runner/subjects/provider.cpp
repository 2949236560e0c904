// `openai`: one response of a Chat Completions server, read by the codec of provider::start for the
// model "gpt-4o" with the key "sk-test-key".
//
//   > head 200 content-type=text/event-stream retry-after=2
//   > bytes <bytes, with backslash escapes>
//   > data <bytes>        the same as: bytes data: <bytes>\n\n
//   > end                 the response is over; `end broken`: the connection broke
#include "spec/runner/registry.hpp"
#include "spec/runner/subjects/events.hpp"
#include "spec/runner/words.hpp"
#include "weir/provider/provider.hpp"

namespace weir::spec {
namespace {

class OpenAiSubject : public Subject {
 public:
  explicit OpenAiSubject(Cutter& cutter) : cutter_(cutter) {
    provider::Provider openai;
    openai.name = "openai";
    openai.kind = provider::Provider::Kind::openai;
    openai.base_url = "https://api.openai.com/v1";
    openai.api_key = "sk-test-key";
    provider::Model model;
    model.id = "gpt-4o";
    prompt::Prompt prompt;
    prompt.question = "What is Weir?";
    limits::Provider limits;
    limits.line_bytes = 2048;
    codec_ = std::move(provider::start(openai, model, prompt, limits).codec);
  }

  void input(std::string_view line, std::vector<std::string>& out) override {
    const std::string_view word = take_word(line);
    std::vector<stream::Event> events;
    if (word == "head") {
      head(line, events);
    } else if (word == "data") {
      feed("data: " + unescape(line) + "\n\n", events);
    } else if (word == "bytes") {
      feed(unescape(line), events);
    } else if (word == "end") {
      codec_->end(line != "broken", events);
    } else {
      out.emplace_back("(no such word)");
    }
    for (const stream::Event& event : events) out.push_back(print(event));
  }

 private:
  void head(std::string_view line, std::vector<stream::Event>& events) {
    const int status = static_cast<int>(number(take_word(line)));
    std::vector<provider::Header> headers;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      const std::size_t equals = word.find('=');
      headers.push_back(
          {std::string(word.substr(0, equals)), std::string(word.substr(equals + 1))});
    }
    codec_->head(status, headers, events);
  }

  void feed(const std::string& bytes, std::vector<stream::Event>& events) {
    for (const std::string_view piece : cutter_.cut(bytes)) codec_->bytes(piece, events);
  }

  Cutter& cutter_;
  std::unique_ptr<provider::StreamCodec> codec_;
};

}  // namespace

std::unique_ptr<Subject> make_openai(Cutter& cutter) {
  return std::make_unique<OpenAiSubject>(cutter);
}

}  // namespace weir::spec
