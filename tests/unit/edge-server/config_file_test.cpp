#include "config_file.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "weir/json/json.hpp"

extern "C" const unsigned char weir_config_schema[];
extern "C" const unsigned char weir_config_schema_end[];

namespace weir::edge {
namespace {

std::string config_error(std::string_view text) {
  Options ignored;
  const Result<void> applied = apply_config(ignored, text);
  return applied ? "" : applied.error().message;
}

/// Without what else there is.
std::string first_sentence(std::string_view text) {
  const std::string error = config_error(text);
  return error.substr(0, error.find(" Known here"));
}

json::Value schema() {
  const auto* begin = reinterpret_cast<const char*>(weir_config_schema);
  const auto* end = reinterpret_cast<const char*>(weir_config_schema_end);
  return *json::parse({begin, static_cast<std::size_t>(end - begin)});
}

std::set<std::string> names_of(const json::Value& described) {
  std::set<std::string> names;
  for (const auto& [name, member] : described.at("properties").items()) names.insert(name);
  return names;
}

/// The names that the reader lists where it is given one that it does not know.
std::set<std::string> names_known(const std::string& before, const std::string& behind) {
  const std::string error = config_error(before + R"({"nobody": 1})" + behind);
  const std::string mark = "Known here are: ";
  std::set<std::string> names;
  std::size_t at = error.find(mark) + mark.size();
  for (std::size_t end = 0; end != error.npos; at = end + 2) {
    end = error.find_first_of(",.", at);
    names.insert(error.substr(at, end - at));
    if (error[end] == '.') break;
  }
  return names;
}

TEST(ApplyConfig, ReadsProviders) {
  Options parsed;
  ASSERT_TRUE(apply_config(
      parsed, R"({"providers": {"openai": {"base_url": "http://host/v1", "api_key": "k"}}})"));
  EXPECT_EQ(parsed.providers["openai"].base_url, "http://host/v1");
  EXPECT_EQ(parsed.providers["openai"].api_key, "k");
}

TEST(ApplyConfig, ReadsFlagsAndLists) {
  Options parsed;
  ASSERT_TRUE(apply_config(parsed, R"({"share_port": true, "allow_hosts": ["a", "b"]})"));
  EXPECT_TRUE(parsed.share_port);
  EXPECT_EQ(parsed.allow_hosts, (std::vector<std::string>{"a", "b"}));
}

TEST(ApplyConfig, NamesWhatIsWrongByItsPath) {
  EXPECT_EQ(config_error("[]"), "The config file must be a JSON object.");
  EXPECT_EQ(config_error(R"({"site": 1})"), "site must be a string.");
  EXPECT_EQ(config_error(R"({"share_port": 1})"), "share_port must be true or false.");
  EXPECT_EQ(config_error(R"({"threads": 0})"), "threads must be a whole number from 1 to 64.");
  EXPECT_EQ(config_error(R"({"threads": 1.5})"), "threads must be a whole number from 1 to 64.");
  EXPECT_EQ(config_error(R"({"allow_hosts": ["a", 1]})"), "allow_hosts[1] must be a string.");
  EXPECT_EQ(config_error(R"({"listen": "nowhere"})"), "listen must be HOST:PORT.");
  EXPECT_EQ(config_error(R"({"providers": {"openai": {"base_url": 1}}})"),
            "providers.openai.base_url must be a string.");
  EXPECT_EQ(
      config_error(R"({"trusted_proxies": ["::1", "10.0.0.0/33"]})"),
      "trusted_proxies[1] must be an address or a range of them, as 192.0.2.1 or 10.0.0.0/8.");
  EXPECT_EQ(first_sentence(R"({"providers": {"openai": {"key": ""}}})"),
            "providers.openai.key is not a member of a config file.");
  EXPECT_EQ(first_sentence(R"({"sites": ""})"), "sites is not a member of a config file.");
}

TEST(ApplyConfig, NamesEverythingThatIsWrong) {
  EXPECT_EQ(config_error(R"({"site": 1, "threads": 2, "packs": [], "limits": {"answer": 1}})"),
            "site must be a string.\npacks must be a string.\nlimits.answer must be an object.");
}

TEST(ConfigSchema, DescribesWhatIsRead) {
  const json::Value described = schema();
  EXPECT_EQ(names_known("", ""), names_of(described));
  const json::Value& members = described.at("properties");
  const json::Value& provider = members.at("providers").at("additionalProperties");
  EXPECT_EQ(names_known(R"({"providers": {"openai": )", "}}"), names_of(provider));
  const json::Value& limits = members.at("limits");
  EXPECT_EQ(names_known(R"({"limits": )", "}"), names_of(limits));
  for (const auto& [name, group] : limits.at("properties").items()) {
    EXPECT_EQ(names_known(R"({"limits": {")" + name + R"(": )", "}}"), names_of(group)) << name;
  }
}

}  // namespace
}  // namespace weir::edge
