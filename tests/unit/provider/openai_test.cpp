#include "weir/provider/openai.hpp"

#include <gtest/gtest.h>

#include "weir/json/json.hpp"
#include "weir/provider/lenient_json.hpp"
#include "weir/provider/models.hpp"
#include "weir/provider/openai_errors.hpp"
#include "weir/provider/redact.hpp"

// The response side is told by the transcripts in tests/spec/openai; here is what they cannot say.
namespace weir::provider {
namespace {

Provider openai(std::string key = "sk-secret-key") {
  Provider provider;
  provider.name = "openai";
  provider.kind = Provider::Kind::openai;
  provider.base_url = "https://api.openai.com/v1";
  provider.api_key = std::move(key);
  provider.models = known_models().find("openai")->second.models;
  return provider;
}

prompt::Prompt prompt_of(std::string question) {
  prompt::Prompt prompt;
  prompt.messages = {{prompt::Role::system, "Be brief."}, {prompt::Role::user, question}};
  prompt.question = std::move(question);
  return prompt;
}

HttpRequest request_of(const Provider& provider, const Model& model, std::string question,
                       const Attempt& attempt = {}) {
  return *start(provider, model, prompt_of(std::move(question)), {}, attempt).request;
}

json::Value body_for(std::string_view model) {
  const Provider provider = openai();
  const auto request = request_of(provider, find_model(provider.models, model), "\"Why?\"\n");
  const auto body = json::parse(request.body);
  EXPECT_TRUE(body);
  return body ? *body : json::Value();
}

std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const Header& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "(none)";
}

TEST(OpenAiRequest, AsksForAStreamWithUsage) {
  const json::Value body = body_for("gpt-4o");
  EXPECT_EQ(json::write(body["messages"]),
            R"([{"role":"system","content":"Be brief."},{"role":"user","content":"\"Why?\"\n"}])");
  EXPECT_EQ(body["model"], "gpt-4o");
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["stream_options"]["include_usage"], true);
  EXPECT_EQ(body["max_completion_tokens"], 16'384);
  EXPECT_EQ(json::write(body["temperature"]), "0.2");
}

TEST(OpenAiRequest, SendsNoTemperatureToReasoningModels) {
  const json::Value body = body_for("o4-mini");
  EXPECT_FALSE(body.contains("temperature"));
  EXPECT_FALSE(body.contains("max_tokens"));
  EXPECT_EQ(body["max_completion_tokens"], 100'000);
}

TEST(OpenAiRequest, LeavesAnUnknownModelItsServersRules) {
  const json::Value body = body_for("llama3");
  EXPECT_FALSE(body.contains("temperature"));
  EXPECT_FALSE(body.contains("max_completion_tokens"));
}

TEST(OpenAiRequest, CarriesTheKeyInItsHeaderOnly) {
  const auto request = request_of(openai(), {}, "x");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.openai.com/v1/chat/completions");
  EXPECT_EQ(header_of(request, "authorization"), "Bearer sk-secret-key");
  EXPECT_EQ(header_of(request, "content-type"), "application/json");
  EXPECT_EQ(request.body.find("sk-secret-key"), std::string::npos);
  EXPECT_EQ(header_of(request_of(openai(""), {}, "x"), "authorization"), "(none)");
}

TEST(OpenAiRequest, UsesTheKeyOfTheAttempt) {
  Provider provider = openai("sk-first");
  provider.more_keys = {"sk-second", "sk-third"};
  const auto key = [&](std::size_t index) {
    Attempt attempt;
    attempt.key = index;
    return header_of(request_of(provider, {}, "x", attempt), "authorization");
  };
  EXPECT_EQ(key(0), "Bearer sk-first");
  EXPECT_EQ(key(1), "Bearer sk-second");
  EXPECT_EQ(key(2), "Bearer sk-third");
  EXPECT_EQ(key(3), "Bearer sk-first");
}

TEST(OpenAiRequest, EndsWithWhatTheAnswerHasAlready) {
  Attempt attempt;
  attempt.prefix = "Weir \"is\"";
  const auto body = json::parse(request_of(openai(), {}, "x", attempt).body);
  ASSERT_TRUE(body);
  EXPECT_EQ(json::write((*body)["messages"].back()),
            R"({"role":"assistant","content":"Weir \"is\""})");
}

TEST(OpenAiErrors, NeverShowTheKeyOrTheQuestion) {
  const ErrorContext context{"openai", "m", "sk-secret-key", "What is our secret plan?"};
  for (const int status : {400, 401, 403, 404, 409, 422, 429, 500, 503}) {
    const std::string body =
        R"({"error":{"message":"Incorrect API key provided: sk-secret-key (sk-sec***key, Bearer abc.def). You sent: What is our secret plan?"}})";
    const auto failed = classify_response(context, status, {}, body);
    const std::string said = failed.error.message + failed.error.hint;
    for (const char* hidden : {"sk-secret", "sk-sec", "abc.def", "secret plan"}) {
      EXPECT_EQ(said.find(hidden), std::string::npos) << status << ": " << said;
    }
  }
}

TEST(OpenAiErrors, ReadHowLongToWait) {
  using Wait = std::optional<std::chrono::milliseconds>;
  EXPECT_EQ(retry_after({{"retry-after", "2"}}), Wait(2000));
  EXPECT_EQ(retry_after({{"retry-after", "0.25"}}), Wait(250));
  EXPECT_EQ(retry_after({{"retry-after", "9"}, {"retry-after-ms", "15.5"}}), Wait(15));
  EXPECT_EQ(retry_after({{"retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"}}), Wait());
  EXPECT_EQ(retry_after({{"retry-after", "-1"}}), Wait());
  EXPECT_EQ(retry_after({{"retry-after", "99999999999999999999"}}), Wait());
  EXPECT_EQ(retry_after({{"retry-after", "90000"}}), Wait());
  EXPECT_EQ(retry_after({}), Wait());
}

TEST(Redact, KeepsOrdinaryWords) {
  EXPECT_EQ(redact("max_tokens is too large: 5000 (sky-high).", {}),
            "max_tokens is too large: 5000 (sky-high).");
  EXPECT_EQ(redact("key sk-abcdef\nand abc***xyz", {}), "key [redacted] and [redacted]");
  EXPECT_EQ(redact("ASIAIOSFODNN7EXAMPLE in Asia", {}), "[redacted] in Asia");
  EXPECT_EQ(redact("a " + std::string(1000, 'x'), {}).size(), 303u);
}

TEST(LenientJson, ReplacesWhatIsNoUnicode) {
  const auto text = [](std::string_view json) {
    const auto value = parse_lenient(json);
    return value ? value->get<std::string>() : "(refused)";
  };
  EXPECT_EQ(text(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(text(R"("a\ud83d")"), "a\xEF\xBF\xBD");
  EXPECT_EQ(text(R"("\ud83d\ud83d\ude00")"), "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  EXPECT_EQ(text(R"("\ude00 \\ud83d")"), "\xEF\xBF\xBD \\ud83d");
  EXPECT_EQ(text("\"a\xE2\x82\""), "a\xEF\xBF\xBD");
  EXPECT_FALSE(parse_lenient("{\"a\":"));
}

}  // namespace
}  // namespace weir::provider
