#include "config_reader.hpp"

#include <algorithm>

#include "wrong.hpp"

namespace weir::edge {
namespace {

constexpr std::string_view whole_file = "The config file";

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

std::string names_of(const ConfigReader::Members& members) {
  std::string names;
  for (const auto& [name, take] : members) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

}  // namespace

void ConfigReader::object(const std::string& path, const json::Value& value,
                          const Members& members) {
  entries(path, value,
          [&](const std::string& where, const std::string& name, const json::Value& member) {
            const auto found = std::find_if(members.begin(), members.end(),
                                            [&](const auto& each) { return each.first == name; });
            if (found != members.end()) return found->second(where, member);
            fail({ErrorCode::invalid_request, where + " is not a member of a config file.",
                  "Known here are: " + names_of(members) + "."});
          });
}

void ConfigReader::entries(
    const std::string& path, const json::Value& value,
    const std::function<void(const std::string&, const std::string&, const json::Value&)>& take) {
  if (!value.is_object()) {
    return path.empty() ? wrong(whole_file, "a JSON object") : wrong(path, "an object");
  }
  for (const auto& [name, member] : value.items()) take(below(path, name), name, member);
}

void ConfigReader::list(const std::string& path, const json::Value& value, const Take& take) {
  if (!value.is_array()) return wrong(path, "a list");
  for (std::size_t i = 0; i < value.size(); ++i) {
    take(path + "[" + std::to_string(i) + "]", value[i]);
  }
}

void ConfigReader::flag(const std::string& path, const json::Value& value, bool& out) {
  if (!value.is_boolean()) return wrong(path, "true or false");
  out = value.get<bool>();
}

void ConfigReader::text(const std::string& path, const json::Value& value, std::string& out) {
  if (!value.is_string()) return wrong(path, "a string");
  out = value.get<std::string>();
}

void ConfigReader::texts(const std::string& path, const json::Value& value,
                         std::vector<std::string>& out) {
  if (!value.is_array()) return wrong(path, "a list of strings");
  out.clear();
  list(path, value, [&](const std::string& where, const json::Value& each) {
    text(where, each, out.emplace_back());
  });
}

std::optional<std::uint64_t> ConfigReader::number(const std::string& path, const json::Value& value,
                                                  std::uint64_t least, std::uint64_t most) {
  if (value.is_number_unsigned()) {
    const auto given = value.get<std::uint64_t>();
    if (given >= least && given <= most) return given;
  }
  wrong(path, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<double> ConfigReader::seconds(const std::string& path, const json::Value& value) {
  constexpr double days_most = 30;
  constexpr double seconds_a_day = 86'400;
  if (value.is_number() && value >= 0 && value <= days_most * seconds_a_day) {
    return value.get<double>();
  }
  wrong(path, "a number of seconds, at most 30 days");
  return std::nullopt;
}

void ConfigReader::wrong(std::string_view path, std::string_view expected) {
  fail(edge::wrong(path, expected));
}

void ConfigReader::fail(const Error& error) {
  errors_.push_back(error);
}

Result<void> ConfigReader::result() const {
  if (errors_.empty()) return {};
  Error all{ErrorCode::invalid_request, "", ""};
  for (const Error& error : errors_) {
    if (!all.message.empty()) all.message += '\n';
    all.message += error.message;
    if (!error.hint.empty()) all.message += " " + error.hint;
  }
  return all;
}

}  // namespace weir::edge
