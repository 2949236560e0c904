#include "weir/provider/ollama_models.hpp"

#include <string>
#include <utility>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"
#include "weir/provider/ollama.hpp"
#include "weir/provider/response.hpp"

namespace weir::provider {
namespace {

/// So many are named; a server may have hundreds.
constexpr std::size_t named_most = 20;

std::vector<std::string> names_in(std::string_view body) {
  std::vector<std::string> names;
  const auto value = parse_lenient(body);
  if (!value) return names;
  for (const json::Value& model : elements(*value, "models")) {
    std::string name = json::string_or(model, "name");
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

std::string sentence_of(const std::vector<std::string>& names) {
  if (names.empty()) return "It has none yet.";
  std::string out = "It has: ";
  for (std::size_t i = 0; i < names.size() && i < named_most; ++i) {
    if (i > 0) out += ", ";
    out += names[i];
  }
  if (names.size() > named_most) {
    out += " and " + std::to_string(names.size() - named_most) + " more";
  }
  return out + ".";
}

class ModelsCodec : public ResponseCodec {
 public:
  ModelsCodec(ErrorContext context, const limits::Provider& limits, stream::Failed missing)
      : ResponseCodec(std::move(context), limits), missing_(std::move(missing)) {}

 protected:
  stream::Failed refusal(int, const std::vector<Header>&, std::string_view) const override {
    return missing_;
  }

  void read(std::string_view bytes, Events& out) override {
    if (body_.size() + bytes.size() > limits().line_bytes) return fail(missing_, out);
    body_ += bytes;
  }

  void read_rest(Events& out) override {
    const auto value = parse_lenient(body_);
    if (value && member(*value, "models")) {
      missing_.error.hint += " " + sentence_of(names_in(body_));
    }
    fail(missing_, out);
  }

 private:
  stream::Failed missing_;
  std::string body_;
};

}  // namespace

HttpRequest ollama_models_request(const Call& call) {
  HttpRequest request;
  request.method = "GET";
  request.url = call.provider.base_url + "/api/tags";
  request.headers = ollama_headers(call);
  return request;
}

std::unique_ptr<StreamCodec> ollama_models_codec(const Call& call, stream::Failed missing) {
  return std::make_unique<ModelsCodec>(error_context(call, {}), call.limits, std::move(missing));
}

}  // namespace weir::provider
