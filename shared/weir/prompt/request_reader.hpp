#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/json/members.hpp"

/// For those who read requests of clients: values one after another, with an error that names the
/// first that is wrong.
namespace weir::prompt {

/// Where a value stands in a request, for errors: `member`, `array[index]`, `array[index].member`,
/// `object.member` or, one deeper, `array[index].member[sub].of`. Views alone: it is put together
/// only where there is an error.
struct Path {
  std::string_view outer = {};
  std::optional<std::size_t> index = {};
  std::string_view member = {};
  std::optional<std::size_t> sub = {};
  std::string_view of = {};

  std::string text() const;
};

inline Path at(std::string_view member) {
  return {{}, {}, member};
}

bool has_control_character(std::string_view text);
/// Nothing but ASCII's white space.
bool is_blank(std::string_view text);

Error wrong(const Path& path, std::string_view expected);
Error missing(const Path& path);
Error too_large(const Path& path, std::size_t most, std::string_view unit);

/// Keeps the first error; after it, reads do nothing. Text from the request is never quoted.
class RequestReader {
 public:
  explicit RequestReader(const limits::Request& limits) : limits_(limits) {}

  const std::optional<Error>& error() const { return error_; }
  void fail(Error error);

  /// The value, or none where it is absent or null.
  json::ValueView optional(json::ValueView value) const;
  json::ValueView required(json::ValueView value, const Path& path);

  void text(json::ValueView value, const Path& path, std::size_t bytes_most, std::string& out);
  /// One line of text: these stand in headers, logs and the prompt's own lines.
  void short_text(json::ValueView value, const Path& path, std::string& out);
  void boolean(json::ValueView value, const Path& path, bool& out);
  /// The elements of an array with at most `most` of them.
  std::vector<json::ValueView> array(json::ValueView value, const Path& path, std::size_t most);

  const limits::Request& limits() const { return limits_; }

 private:
  const limits::Request& limits_;
  std::optional<Error> error_;
};

}  // namespace weir::prompt
