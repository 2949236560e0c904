#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "content.hpp"
#include "weir/base/error.hpp"
#include "weir/json/json.hpp"
#include "weir/relay/http_head.hpp"

namespace weir::edge {

/// A whole HTTP response, before it is bytes.
struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;  ///< the body, owned here
  Content file;      ///< or the body that lasts as long as the server

  Content body() const { return text.empty() ? file : Content(text); }
};

Reply json_reply(const json::Value& value);
Reply text_reply(std::string text);

/// The response's head that a session of the relay gives, with its body where that is no stream.
Reply to_reply(relay::HttpHead head);

/// {"error": {code, message, hint}} with the code's status, or another one.
Reply error_reply(const Error& error);
Reply error_reply(const Error& error, int status);

}  // namespace weir::edge
