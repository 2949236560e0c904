#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/json/json.hpp"

namespace weir::edge {

/// Takes a config file apart and gathers everything that is wrong with it, each by its path
/// ("providers.openai.base_url", "allow_hosts[1]") and with what would be right.
class ConfigReader {
 public:
  /// Takes one member, whose path is the first argument.
  using Take = std::function<void(const std::string& path, const json::Value& value)>;
  using Members = std::vector<std::pair<std::string_view, Take>>;

  /// An object with no other members than these. `path` is empty for the file itself.
  void object(const std::string& path, const json::Value& value, const Members& members);
  /// An object whose members have names of their own.
  void entries(const std::string& path, const json::Value& value,
               const std::function<void(const std::string& path, const std::string& name,
                                        const json::Value& value)>& take);
  void list(const std::string& path, const json::Value& value, const Take& take);

  /// These leave `out` alone where the value is not one.
  void flag(const std::string& path, const json::Value& value, bool& out);
  void text(const std::string& path, const json::Value& value, std::string& out);
  void texts(const std::string& path, const json::Value& value, std::vector<std::string>& out);
  /// Nothing where it is no whole number within the bounds.
  std::optional<std::uint64_t> number(const std::string& path, const json::Value& value,
                                      std::uint64_t least, std::uint64_t most);
  /// Nothing where it is no number of seconds.
  std::optional<double> seconds(const std::string& path, const json::Value& value);

  void wrong(std::string_view path, std::string_view expected);
  void fail(const Error& error);

  /// All that was wrong as one error, a line each.
  Result<void> result() const;

 private:
  std::vector<Error> errors_;
};

}  // namespace weir::edge
