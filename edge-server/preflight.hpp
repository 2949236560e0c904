#pragma once

#include <string>
#include <string_view>

#include "reply.hpp"

namespace weir::edge {

/// The answer to a browser that asks beforehand whether a page of an allowed origin may send a
/// request (https://fetch.spec.whatwg.org/#cors-preflight-request). `headers`: those that the page
/// would send, as Access-Control-Request-Headers lists them. `private_network`: it asks for a
/// server on the reader's own machine or network.
Reply preflight_reply(std::string_view headers, bool private_network);

}  // namespace weir::edge
