#include "weir/provider/models.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/json/json.hpp"
#include "weir/provider/json_members.hpp"

extern "C" const unsigned char weir_embedded_models[], weir_embedded_models_end[];

namespace weir::provider {
namespace {

Error wrong(const std::string& place, std::string_view what) {
  return {ErrorCode::invalid_request, place + " " + std::string(what),
          "models.schema.json describes the table of models."};
}

/// The first member that is none of these.
template <std::size_t count>
std::optional<Error> unknown_member(const json::Value& object, const std::string& place,
                                    const std::array<std::string_view, count>& known) {
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (std::find(known.begin(), known.end(), it.key()) == known.end()) {
      return wrong(place + "." + it.key(), "is no member that is known.");
    }
  }
  return std::nullopt;
}

/// A number as it is sent; empty for null, and nothing where it is not there.
Result<std::optional<std::string>> sampling(const json::Value& object, const std::string& place,
                                            std::string_view name) {
  const json::Value* value = json::find(object, name);
  if (!value) return std::optional<std::string>();
  if (value->is_null()) return std::optional<std::string>("");
  if (!value->is_number() || value->get<double>() < 0) {
    return wrong(place + "." + std::string(name), "must be a number from 0 on, or null.");
  }
  return std::optional<std::string>(json::write(*value));
}

Result<std::uint32_t> count(const json::Value& object, const std::string& place,
                            std::string_view name, std::uint32_t most = UINT32_MAX) {
  const std::int64_t value = json::integer_or(object, name, 0);
  if (value < 1 || value > most) {
    return wrong(place + "." + std::string(name),
                 "must be a whole number from 1 to " + std::to_string(most) + ".");
  }
  return static_cast<std::uint32_t>(value);
}

/// How a provider's models choose their words where they do not say it themselves.
struct Sampling {
  std::string temperature;
  std::string top_p;
};

/// `sides`: what has a price.
Result<TokenPrice> read_price(const json::Value& price, const std::string& place,
                              std::span<const std::string_view> sides) {
  constexpr std::array<std::string_view, 3> known = {"currency", "input", "output"};
  if (!price.is_object()) return wrong(place, "must be an object.");
  if (auto error = unknown_member(price, place, known)) return *error;
  TokenPrice out;
  out.currency = json::string_or(price, "currency");
  const bool is_code =
      out.currency.size() == 3 && std::all_of(out.currency.begin(), out.currency.end(),
                                              [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_code) return wrong(place + ".currency", "must be a currency's code, such as USD.");
  for (const std::string_view side : sides) {
    const json::Value* value = json::find(price, side);
    constexpr double most = 1'000'000;
    const bool fits =
        value && value->is_number() && value->get<double>() >= 0 && value->get<double>() <= most;
    if (!fits) {
      return wrong(place + "." + std::string(side),
                   "must be a number, what a million tokens cost.");
    }
    (side == "input" ? out.input : out.output) = value->get<double>();
  }
  return out;
}

Result<EmbeddingModel> read_embedding_model(const json::Value& object, const std::string& place) {
  constexpr std::array<std::string_view, 3> known = {"id", "tokenizer", "price"};
  if (!object.is_object()) return wrong(place, "must be an object.");
  if (auto error = unknown_member(object, place, known)) return *error;
  EmbeddingModel out;
  out.id = json::string_or(object, "id");
  if (out.id.empty()) return wrong(place + ".id", "must be a text.");
  if (member(object, "tokenizer")) {
    out.encoding = tokens::encoding_name(json::string_or(object, "tokenizer"));
    if (!out.encoding) {
      return wrong(place + ".tokenizer", "must be o200k_base, cl100k_base or qwen3.");
    }
  }
  if (const json::Value* price = json::find(object, "price")) {
    constexpr std::array<std::string_view, 1> sides = {"input"};
    auto read = read_price(*price, place + ".price", sides);
    if (!read) return read.error();
    out.price = *std::move(read);
  }
  return out;
}

class Reader {
 public:
  /// `place` names the model in errors.
  Reader(const json::Value& object, std::string place, const Sampling& usual)
      : object_(object), place_(std::move(place)), usual_(usual) {}

  Result<Model> read() {
    constexpr std::array<std::string_view, 12> known = {"id",
                                                        "context_tokens",
                                                        "output_tokens",
                                                        "tokenizer",
                                                        "estimate_percent",
                                                        "error_percent",
                                                        "reasoning",
                                                        "continues_prefix",
                                                        "tools",
                                                        "temperature",
                                                        "top_p",
                                                        "price"};
    if (!object_.is_object()) return wrong(place_, "must be an object.");
    if (auto error = unknown_member(object_, place_, known)) return *error;
    model_.id = json::string_or(object_, "id");
    if (model_.id.empty()) return wrong(place_ + ".id", "must be a text.");
    model_.known = true;
    model_.reasoning_model = json::boolean_or(object_, "reasoning", false);
    model_.continues_prefix = json::boolean_or(object_, "continues_prefix", false);
    for (const auto step : {&Reader::read_budget, &Reader::read_tokenizer, &Reader::read_sampling,
                            &Reader::read_price}) {
      if (auto error = (this->*step)()) return *error;
    }
    return std::move(model_);
  }

 private:
  std::optional<Error> read_budget() {
    const auto context = count(object_, place_, "context_tokens");
    if (!context) return context.error();
    const auto output = count(object_, place_, "output_tokens");
    if (!output) return output.error();
    if (*output >= *context) {
      return wrong(place_ + ".output_tokens", "must be less than context_tokens.");
    }
    model_.budget = {*context, *output, json::boolean_or(object_, "tools", true)};
    return std::nullopt;
  }

  std::optional<Error> read_tokenizer() {
    const bool named = member(object_, "tokenizer") != nullptr;
    if (named) {
      const auto encoding = tokens::encoding_name(json::string_or(object_, "tokenizer"));
      if (!encoding) {
        return wrong(place_ + ".tokenizer", "must be o200k_base, cl100k_base or qwen3.");
      }
      model_.encoding = *encoding;
    }
    model_.exact = named && !member(object_, "estimate_percent");
    if (model_.exact) return std::nullopt;
    const auto percent = count(object_, place_, "estimate_percent", 400);
    if (!percent) return percent.error();
    model_.estimate_percent = *percent;
    if (!member(object_, "error_percent")) return std::nullopt;
    const auto error = count(object_, place_, "error_percent", 100);
    if (!error) return error.error();
    model_.error_percent = *error;
    return std::nullopt;
  }

  std::optional<Error> read_sampling() {
    const auto temperature = sampling(object_, place_, "temperature");
    if (!temperature) return temperature.error();
    model_.temperature = temperature->value_or(usual_.temperature);
    const auto top_p = sampling(object_, place_, "top_p");
    if (!top_p) return top_p.error();
    model_.top_p = top_p->value_or(usual_.top_p);
    return std::nullopt;
  }

  std::optional<Error> read_price() {
    const json::Value* price = json::find(object_, "price");
    if (!price) return std::nullopt;
    constexpr std::array<std::string_view, 2> sides = {"input", "output"};
    auto read = weir::provider::read_price(*price, place_ + ".price", sides);
    if (!read) return read.error();
    model_.price = *std::move(read);
    return std::nullopt;
  }

  const json::Value& object_;
  const std::string place_;
  const Sampling& usual_;
  Model model_;
};

Result<ProviderDefaults> read_provider(const json::Value& object, const std::string& place) {
  constexpr std::array<std::string_view, 7> known = {
      "base_url", "default_model", "temperature", "top_p", "models", "models_of", "embeddings"};
  if (!object.is_object()) return wrong(place, "must be an object.");
  if (auto error = unknown_member(object, place, known)) return *error;
  ProviderDefaults out;
  out.base_url = json::string_or(object, "base_url");
  out.default_model = json::string_or(object, "default_model");
  if (out.default_model.empty()) return wrong(place + ".default_model", "must be a text.");
  const auto temperature = sampling(object, place, "temperature");
  if (!temperature) return temperature.error();
  const auto top_p = sampling(object, place, "top_p");
  if (!top_p) return top_p.error();
  const Sampling usual{temperature->value_or(""), top_p->value_or("")};
  std::size_t index = 0;
  for (const json::Value& each : elements(object, "models")) {
    auto model = Reader(each, place + ".models[" + std::to_string(index++) + "]", usual).read();
    if (!model) return model.error();
    out.models.push_back(*std::move(model));
  }
  index = 0;
  for (const json::Value& each : elements(object, "embeddings")) {
    auto model = read_embedding_model(each, place + ".embeddings[" + std::to_string(index++) + "]");
    if (!model) return model.error();
    out.embeddings.push_back(*std::move(model));
  }
  return out;
}

/// "-2024-08-06" as OpenAI writes it, "-20251001" as Anthropic does.
bool is_snapshot_of(std::string_view id, std::string_view model) {
  if (id.size() <= model.size() || id.substr(0, model.size()) != model) return false;
  const std::string_view date = id.substr(model.size());
  if (date.substr(0, 3) != "-20") return false;
  return date.size() == sizeof("-2024-08-06") - 1 || date.size() == sizeof("-20251001") - 1;
}

}  // namespace

Result<ModelTable> read_models(std::string_view json) {
  const auto value = json::parse(json);
  if (!value) return value.error();
  const json::Value* providers = member(*value, "providers");
  if (!providers || !providers->is_object()) return wrong("providers", "must be an object.");
  ModelTable table;
  for (auto it = providers->begin(); it != providers->end(); ++it) {
    auto provider = read_provider(it.value(), "providers." + it.key());
    if (!provider) return provider.error();
    table.emplace(it.key(), *std::move(provider));
  }
  for (auto it = providers->begin(); it != providers->end(); ++it) {
    const json::Value* other = member(it.value(), "models_of");
    if (!other) continue;
    const auto found = table.find(json::string_or(it.value(), "models_of"));
    if (found == table.end()) {
      return wrong("providers." + it.key() + ".models_of", "must name a provider of the table.");
    }
    ProviderDefaults& same = table.find(it.key())->second;
    same.models = found->second.models;
    if (same.embeddings.empty()) same.embeddings = found->second.embeddings;
  }
  return table;
}

ModelTable known_models() {
  const auto size = static_cast<std::size_t>(weir_embedded_models_end - weir_embedded_models);
  auto table = read_models(as_text({weir_embedded_models, size}));
  WEIR_ASSERT(table);
  return *std::move(table);
}

Model find_model(const std::vector<Model>& known, std::string_view id) {
  for (const Model& model : known) {
    if (model.id != id && !is_snapshot_of(id, model.id)) continue;
    Model found = model;
    found.id = id;
    return found;
  }
  Model unknown;
  unknown.id = id;
  unknown.exact = false;
  unknown.estimate_percent = 120;
  return unknown;
}

EmbeddingModel find_embedding_model(const std::vector<EmbeddingModel>& known, std::string_view id) {
  for (const EmbeddingModel& model : known) {
    if (model.id == id) return model;
  }
  EmbeddingModel unknown;
  unknown.id = id;
  return unknown;
}

prompt::Budget counted_budget(const Model& model) {
  const auto counted = [&](std::uint32_t tokens) {
    return static_cast<std::uint32_t>(std::uint64_t{tokens} * 100 / model.estimate_percent);
  };
  return {counted(model.budget.context_tokens), counted(model.budget.answer_tokens),
          model.budget.tools};
}

}  // namespace weir::provider
