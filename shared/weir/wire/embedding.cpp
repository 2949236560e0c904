#include "weir/wire/embedding.hpp"

#include <array>
#include <cstring>
#include <utility>

#include "weir/base/base64.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/digits.hpp"
#include "weir/json/json.hpp"
#include "weir/json/members.hpp"
#include "weir/prompt/request_reader.hpp"

namespace weir::wire {
namespace {

using json::ValueView;
using prompt::at;
using prompt::Path;
using prompt::wrong;

constexpr std::array<std::string_view, 5> request_members = {"provider", "model", "input",
                                                             "dimensions", "encoding_format"};
constexpr std::string_view input_forms =
    "a string, an array of strings, an array of tokens or an array of such arrays";

class Reader : public prompt::RequestReader {
 public:
  using RequestReader::RequestReader;

  void input(ValueView value, EmbeddingRequest& out) {
    const Path path = at("input");
    if (!required(value, path)) return;
    if (value.is_string()) return add_text(value, out);
    if (!value.is_array()) return fail(wrong(path, input_forms));
    const std::vector<ValueView> elements = value.elements();
    if (elements.empty()) return fail(wrong(path, "not empty"));
    if (elements.front().is_number()) return add_tokens(elements, out);
    if (elements.size() > limits().embedding_inputs) {
      return fail(prompt::too_large(path, limits().embedding_inputs, "elements"));
    }
    const bool texts = elements.front().is_string();
    for (const ValueView each : elements) {
      if (error()) return;
      texts ? add_text(each, out) : add_tokens(each.elements(), out);
    }
  }

  void dimensions(ValueView value, std::optional<std::uint32_t>& out) {
    constexpr std::int64_t most = 65'536;
    if (!optional(value)) return;
    const std::int64_t number = value.is_number() ? value.integer_or(0) : 0;
    if (number < 1 || number > most) return fail(wrong(at("dimensions"), "a whole number, from 1"));
    out = static_cast<std::uint32_t>(number);
  }

  void encoding(ValueView value, bool& base64) {
    if (!optional(value)) return;
    const std::string name = value.string();
    if (name != "float" && name != "base64") {
      return fail(wrong(at("encoding_format"), "float or base64"));
    }
    base64 = name == "base64";
  }

 private:
  void add_text(ValueView value, EmbeddingRequest& out) {
    std::string read;
    text(value, at("input"), limits().message_bytes, read);
    if (read.empty()) fail(wrong(at("input"), "texts that are not empty"));
    out.texts.push_back(std::move(read));
  }

  void add_tokens(const std::vector<ValueView>& elements, EmbeddingRequest& out) {
    if (elements.empty()) return fail(wrong(at("input"), input_forms));
    if (elements.size() > limits().embedding_tokens) {
      return fail(prompt::too_large(at("input"), limits().embedding_tokens, "tokens"));
    }
    std::vector<std::uint32_t>& tokens = out.tokens.emplace_back();
    tokens.reserve(elements.size());
    for (const ValueView each : elements) {
      const std::int64_t token = each.is_number() ? each.integer_or(-1) : -1;
      if (token < 0 || token > UINT32_MAX) return fail(wrong(at("input"), input_forms));
      tokens.push_back(static_cast<std::uint32_t>(token));
    }
  }
};

void append_base64_floats(std::string& out, const std::vector<float>& vector) {
  std::string bytes;
  bytes.reserve(vector.size() * sizeof(float));
  for (const float number : vector) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    store_little_endian(bytes, bits);
  }
  out += '"';
  append_base64(out, bytes);
  out += '"';
}

void append_floats(std::string& out, const std::vector<float>& vector) {
  out += '[';
  for (std::size_t i = 0; i < vector.size(); ++i) {
    if (i > 0) out += ',';
    json::append_number(out, vector[i]);
  }
  out += ']';
}

}  // namespace

Result<EmbeddingRequest> read_embedding_request(std::string_view json,
                                                const limits::Request& limits) {
  if (json.size() > limits.body_bytes) {
    return prompt::too_large(at("The request"), limits.body_bytes, "bytes");
  }
  json::Members root(request_members);
  if (const auto parsed = root.parse(json, limits.json_depth); !parsed) return parsed.error();
  if (!root.is_object()) return wrong(at("The request"), "a JSON object");
  EmbeddingRequest out;
  Reader reader(limits);
  reader.short_text(reader.optional(root["provider"]), at("provider"), out.provider);
  reader.short_text(reader.required(root["model"], at("model")), at("model"), out.model);
  reader.input(root["input"], out);
  reader.dimensions(root["dimensions"], out.dimensions);
  reader.encoding(root["encoding_format"], out.base64);
  if (reader.error()) return *reader.error();
  return out;
}

std::string write_embeddings(std::string_view model, const std::vector<std::vector<float>>& vectors,
                             std::uint32_t prompt_tokens, bool base64) {
  std::string out = R"({"object":"list","data":[)";
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    out += i > 0 ? "," : "";
    out += R"({"object":"embedding","index":)";
    append_digits(out, i);
    out += ",\"embedding\":";
    base64 ? append_base64_floats(out, vectors[i]) : append_floats(out, vectors[i]);
    out += '}';
  }
  out += "],\"model\":";
  json::append_string(out, model);
  const std::string tokens = std::to_string(prompt_tokens);
  return out + R"(,"usage":{"prompt_tokens":)" + tokens + R"(,"total_tokens":)" + tokens + "}}";
}

}  // namespace weir::wire
