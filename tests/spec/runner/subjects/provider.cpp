// One provider each: a request as provider::start writes it, and one response read by its codec.
//
//   > request              the request, line by line: method and URL, headers, body
//   > body                 the last of these lines alone
//   > head 200 content-type=text/event-stream retry-after=2
//   > bytes <bytes, with backslash escapes>
//   > data <bytes>         the same as: bytes data: <bytes>\n\n
//   > line <bytes>         the same as: bytes <bytes>\n
//   > event <type> <JSON>  a message of an AWS event stream, with its frame; of type `exception` or
//                          `error` with `exception:<type>` or `error:<code>`
//   > end                  the response is over; `end broken`: the connection broke
//   > hint                 the last error's hint
//
//   > tools [CHOICE]       asks with the tools `search` and `today`. CHOICE: `called` (`search` was
//                          called, and gave a result), `none`, `required`, `one` (at a time), or
//                          a tool's name
//   > settings [FORM]      asks with a setting of every kind. FORM: `json`, or `schema`, of the
//                          answer; or an effort of thinking
//
// The prompt is "Be brief." and "What is Weir?"; it is 30 August 2015, 12:36:00 UTC.
#include "weir/provider/provider.hpp"
#include "spec/runner/registry.hpp"
#include "spec/runner/subjects/events.hpp"
#include "spec/runner/words.hpp"
#include "support/aws_frames.hpp"
#include "support/sha256.hpp"

namespace weir::spec {
namespace {

class ProviderSubject : public Subject {
 public:
  ProviderSubject(const provider::Provider& provider, const provider::Model& model, Cutter& cutter)
      : cutter_(cutter), provider_(provider), model_(model) {
    prompt_.question = "What is Weir?";
    prompt_.messages = {{prompt::Role::system, "Be brief."},
                        {prompt::Role::user, prompt_.question}};
    prompt_.tokens = 20;
    begin();
  }

  void input(std::string_view line, std::vector<std::string>& out) override {
    const std::string_view word = take_word(line);
    std::vector<stream::Event> events;
    if (word == "tools") {
      tools(line);
    } else if (word == "settings") {
      settings(line);
    } else if (word == "request") {
      request(out);
    } else if (word == "body") {
      out.push_back(start_.request->body);
    } else if (word == "hint") {
      out.push_back(hint_);
    } else if (word == "head") {
      head(line, events);
    } else if (word == "data") {
      feed("data: " + unescape(line) + "\n\n", events);
    } else if (word == "line") {
      feed(unescape(line) + "\n", events);
    } else if (word == "bytes") {
      feed(unescape(line), events);
    } else if (word == "event") {
      const std::string_view type = take_word(line);
      feed(frame(type, line), events);
    } else if (word == "end") {
      start_.codec->end(line != "broken", events);
    } else {
      out.emplace_back("(no such word)");
    }
    for (const stream::Event& event : events) tell(event, out);
  }

 private:
  void begin() {
    limits::Provider limits;
    limits.line_bytes = 2048;
    provider::Attempt attempt;
    attempt.unix_seconds = 1'440'938'160;
    attempt.digests = &testing::digests;
    start_ = provider::start(provider_, model_, prompt_, limits, attempt);
  }

  void tools(std::string_view choice) {
    using Mode = prompt::ToolChoice::Mode;
    prompt_.tools = {{"search", "Finds passages.",
                      R"({"type":"object","properties":{"q":{"type":"string"}}})", false},
                     {"today", "", "", false}};
    if (choice == "called") {
      prompt_.messages.push_back(
          {prompt::Role::assistant, "", {{"call.1", "search", R"({"q":"weir"})"}}, ""});
      prompt_.messages.push_back({prompt::Role::tool, "A dam.", {}, "call.1"});
    } else if (choice == "none") {
      prompt_.tool_choice.mode = Mode::none;
    } else if (choice == "required") {
      prompt_.tool_choice.mode = Mode::required;
    } else if (choice == "one") {
      prompt_.tool_choice.parallel = false;
    } else if (!choice.empty()) {
      prompt_.tool_choice.mode = Mode::named;
      prompt_.tool_choice.name = choice;
    }
    begin();
  }

  void settings(std::string_view form) {
    prompt::Generation& generation = prompt_.generation;
    generation.temperature = "0.7";
    generation.top_p = "0.9";
    generation.frequency_penalty = "0.5";
    generation.presence_penalty = "-0.5";
    generation.seed = "7";
    generation.answer_tokens = 100;
    generation.stop = {"END"};
    if (form == "json") {
      generation.format = prompt::Generation::Format::json_object;
    } else if (form == "schema") {
      generation.format = prompt::Generation::Format::json_schema;
      generation.format_name = "answer";
      generation.format_schema = R"({"type":"object"})";
      generation.format_strict = true;
    } else {
      generation.reasoning_effort = form;
    }
    begin();
  }

  void request(std::vector<std::string>& out) const {
    const provider::HttpRequest& request = *start_.request;
    out.push_back(request.method + " " + request.url);
    for (const auto& header : request.headers) out.push_back(header.name + ": " + header.value);
    out.push_back(request.body);
  }

  void head(std::string_view line, std::vector<stream::Event>& events) {
    const int status = static_cast<int>(number(take_word(line)));
    std::vector<provider::Header> headers;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      const std::size_t equals = word.find('=');
      headers.push_back(
          {std::string(word.substr(0, equals)), std::string(word.substr(equals + 1))});
    }
    start_.codec->head(status, headers, events);
  }

  static std::string frame(std::string_view type, std::string_view payload) {
    const std::size_t colon = type.find(':');
    if (colon == std::string_view::npos) {
      return testing::aws_frame({{":event-type", std::string(type)},
                                 {":content-type", "application/json"},
                                 {":message-type", "event"}},
                                payload);
    }
    const std::string form(type.substr(0, colon));
    const std::string name(type.substr(colon + 1));
    if (form == "exception") {
      return testing::aws_frame({{":exception-type", name}, {":message-type", form}}, payload);
    }
    return testing::aws_frame(
        {{":error-code", name}, {":error-message", std::string(payload)}, {":message-type", form}},
        "");
  }

  void feed(const std::string& bytes, std::vector<stream::Event>& events) {
    for (const std::string_view piece : cutter_.cut(bytes)) start_.codec->bytes(piece, events);
  }

  void tell(const stream::Event& event, std::vector<std::string>& out) {
    out.push_back(print(event));
    if (const auto* failed = std::get_if<stream::Failed>(&event)) hint_ = failed->error.hint;
  }

  Cutter& cutter_;
  provider::Provider provider_;
  provider::Model model_;
  prompt::Prompt prompt_;
  provider::Start start_;
  std::string hint_;
};

std::unique_ptr<Subject> subject(const provider::Provider& provider, const provider::Model& model,
                                 Cutter& cutter) {
  return std::make_unique<ProviderSubject>(provider, model, cutter);
}

provider::Model model_of(std::string id) {
  provider::Model model;
  model.id = std::move(id);
  model.known = true;
  model.budget = {100'000, 8'192};
  model.temperature = "0.2";
  return model;
}

}  // namespace

/// With the model "gpt-4o" and the key "sk-test-key".
std::unique_ptr<Subject> make_openai(Cutter& cutter) {
  provider::Provider openai;
  openai.name = "openai";
  openai.kind = provider::Provider::Kind::openai;
  openai.base_url = "https://api.openai.com/v1";
  openai.api_key = "sk-test-key";
  return subject(openai, model_of("gpt-4o"), cutter);
}

std::unique_ptr<Subject> make_google(Cutter& cutter) {
  provider::Provider google;
  google.name = "google";
  google.kind = provider::Provider::Kind::google;
  google.base_url = "https://generativelanguage.googleapis.com/v1beta";
  google.api_key = "AIza-test-key";
  provider::Model model = model_of("gemini-2.5-flash");
  model.reasoning_model = true;
  return subject(google, model, cutter);
}

std::unique_ptr<Subject> make_anthropic(Cutter& cutter) {
  provider::Provider anthropic;
  anthropic.name = "anthropic";
  anthropic.kind = provider::Provider::Kind::anthropic;
  anthropic.base_url = "https://api.anthropic.com/v1";
  anthropic.api_key = "sk-ant-test-key";
  return subject(anthropic, model_of("claude-haiku-4-5"), cutter);
}

std::unique_ptr<Subject> make_ollama(Cutter& cutter) {
  provider::Provider ollama;
  ollama.name = "ollama";
  ollama.kind = provider::Provider::Kind::ollama;
  ollama.base_url = "http://localhost:11434";
  provider::Model model = model_of("qwen3:8b");
  model.reasoning_model = true;
  return subject(ollama, model, cutter);
}

/// Its deployment has the name of its model. The key is one of OpenAI's, which looks wrong.
std::unique_ptr<Subject> make_azure(Cutter& cutter) {
  provider::Provider azure;
  azure.name = "azure";
  azure.kind = provider::Provider::Kind::azure;
  azure.base_url = "https://weir.openai.azure.com";
  azure.api_version = "2024-10-21";
  azure.api_key = "sk-test-key";
  return subject(azure, model_of("gpt-4o"), cutter);
}

std::unique_ptr<Subject> make_openrouter(Cutter& cutter) {
  provider::Provider openrouter;
  openrouter.name = "openrouter";
  openrouter.kind = provider::Provider::Kind::openrouter;
  openrouter.base_url = "https://openrouter.ai/api/v1";
  openrouter.api_key = "sk-or-test-key";
  openrouter.headers = {{"http-referer", "https://weir.example"}, {"x-title", "Weir"}};
  openrouter.routing = R"({"order":["deepinfra"],"allow_fallbacks":false})";
  return subject(openrouter, model_of("qwen/qwen3-8b"), cutter);
}

namespace {

std::unique_ptr<Subject> dashscope(std::string base_url, Cutter& cutter) {
  provider::Provider dashscope;
  dashscope.name = "dashscope";
  dashscope.kind = provider::Provider::Kind::dashscope;
  dashscope.base_url = std::move(base_url);
  dashscope.api_key = "sk-test-key";
  provider::Model model = model_of("qwen-plus");
  model.reasoning_model = true;
  return subject(dashscope, model, cutter);
}

}  // namespace

std::unique_ptr<Subject> make_dashscope(Cutter& cutter) {
  return dashscope("https://dashscope.aliyuncs.com/compatible-mode/v1", cutter);
}

std::unique_ptr<Subject> make_dashscope_own(Cutter& cutter) {
  return dashscope("https://dashscope.aliyuncs.com/api/v1", cutter);
}

std::unique_ptr<Subject> make_bedrock(Cutter& cutter) {
  provider::Provider bedrock;
  bedrock.name = "bedrock";
  bedrock.kind = provider::Provider::Kind::bedrock;
  bedrock.base_url = "https://bedrock-runtime.us-east-1.amazonaws.com";
  bedrock.region = "us-east-1";
  bedrock.access_key_id = "AKIDEXAMPLE";
  bedrock.api_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  bedrock.session_token = "session-token-example";
  return subject(bedrock, model_of("amazon.nova-lite-v1:0"), cutter);
}

}  // namespace weir::spec
