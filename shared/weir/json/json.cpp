#include "weir/json/json.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace weir::json {
namespace {

/// Builds the tree through nlohmann's own DOM parser, but refuses depth before it costs anything.
class DepthLimitedBuilder : public nlohmann::detail::json_sax_dom_parser<Value> {
  using Base = nlohmann::detail::json_sax_dom_parser<Value>;

 public:
  DepthLimitedBuilder(Value& into, std::size_t depth_most) : Base(into, false), left_(depth_most) {}

  bool start_object(std::size_t elements) { return enter() && Base::start_object(elements); }
  bool start_array(std::size_t elements) { return enter() && Base::start_array(elements); }
  bool end_object() { return leave() && Base::end_object(); }
  bool end_array() { return leave() && Base::end_array(); }

  template <class Exception>
  bool parse_error(std::size_t position, const std::string& last_token,
                   const Exception& exception) {
    position_ = position;
    return Base::parse_error(position, last_token, exception);
  }

  bool too_deep() const { return too_deep_; }
  std::size_t position() const { return position_; }

 private:
  bool enter() {
    if (left_ == 0) {
      too_deep_ = true;
      return false;
    }
    --left_;
    return true;
  }
  bool leave() {
    ++left_;
    return true;
  }

  std::size_t left_;
  std::size_t position_ = 0;
  bool too_deep_ = false;
};

}  // namespace

Result<Value> parse(std::string_view text, std::size_t depth_most) {
  Value value;
  DepthLimitedBuilder builder(value, depth_most);
  if (Value::sax_parse(text.begin(), text.end(), &builder)) return value;
  if (builder.too_deep()) {
    return Error{ErrorCode::invalid_request,
                 "The JSON is nested deeper than " + std::to_string(depth_most) + " levels.", ""};
  }
  return Error{ErrorCode::invalid_request,
               "Not valid JSON, near byte " + std::to_string(builder.position()) + ".", ""};
}

std::string write(const Value& value) {
  return value.dump(-1, ' ', false, Value::error_handler_t::replace);
}

void append_number(std::string& out, float number) {
  constexpr std::size_t digits_most = 32;
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[digits_most];
  out.append(digits, nlohmann::detail::to_chars(digits, digits + digits_most, number));
}

const Value* find(const Value& object, std::string_view member) {
  if (!object.is_object()) return nullptr;
  // ordered_json keeps a vector of pairs; our objects are small.
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (it.key() == member) return &it.value();
  }
  return nullptr;
}

std::string string_or(const Value& object, std::string_view member, std::string_view fallback) {
  const Value* value = find(object, member);
  return value && value->is_string() ? value->get_ref<const std::string&>() : std::string(fallback);
}

std::int64_t integer_or(const Value& object, std::string_view member, std::int64_t fallback) {
  const Value* value = find(object, member);
  return value ? integer_or(*value, fallback) : fallback;
}

std::int64_t integer_or(const Value& value, std::int64_t fallback) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return number <= static_cast<std::uint64_t>(INT64_MAX) ? static_cast<std::int64_t>(number)
                                                           : fallback;
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::trunc(number) == number && std::abs(number) < 9.0e15) {
      return static_cast<std::int64_t>(number);
    }
  }
  return fallback;
}

bool boolean_or(const Value& object, std::string_view member, bool fallback) {
  const Value* value = find(object, member);
  return value && value->is_boolean() ? value->get<bool>() : fallback;
}

}  // namespace weir::json
