#include "websocket_handshake.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace weir::edge {
namespace {

constexpr std::string_view version = "13";

/// 16 bytes in base64.
bool is_key(std::string_view key) {
  constexpr std::size_t digits = 22;
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == digits + 2 && key.substr(digits) == "==" &&
         key.find_first_not_of(alphabet) == digits;
}

/// RFC 6455, 4.2.2: the proof that the key was read by somebody who speaks this protocol.
std::string accept_value(std::string_view key) {
  const std::string proof = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(proof.data()), proof.size(), digest.data());
  std::array<unsigned char, (SHA_DIGEST_LENGTH + 2) / 3 * 4 + 1> text{};
  const int size = EVP_EncodeBlock(text.data(), digest.data(), SHA_DIGEST_LENGTH);
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

Reply refusal(int status, std::string message, std::string hint) {
  Reply reply =
      error_reply({ErrorCode::invalid_request, std::move(message), std::move(hint)}, status);
  reply.headers.emplace_back("Upgrade", "websocket");
  reply.headers.emplace_back("Sec-WebSocket-Version", std::string(version));
  return reply;
}

}  // namespace

std::optional<Reply> refuse_upgrade(const Request& request, std::string_view subprotocol) {
  std::string hint = "Connect with a WebSocket client";
  if (!subprotocol.empty()) hint += " and the subprotocol " + std::string(subprotocol);
  hint += ", or ask over HTTP.";
  if (!beast::websocket::is_upgrade(request)) {
    return refusal(426, "This path is for WebSocket connections.", hint);
  }
  if (field(request, http::field::sec_websocket_version) != version) {
    return refusal(426, "This version of WebSocket is not spoken here.", "Use version 13.");
  }
  if (!is_key(sole_field(request, http::field::sec_websocket_key).value_or(""))) {
    return refusal(400, "The header Sec-WebSocket-Key must be 16 bytes in base64.", hint);
  }
  http::token_list offered(field(request, http::field::sec_websocket_protocol));
  if (!subprotocol.empty() && !offered.exists(subprotocol)) {
    return refusal(400, "The subprotocol " + std::string(subprotocol) + " was not offered.", hint);
  }
  return std::nullopt;
}

std::string upgrade_head(const Request& request, std::string_view subprotocol) {
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  head += accept_value(field(request, http::field::sec_websocket_key));
  if (!subprotocol.empty()) {
    head += "\r\nSec-WebSocket-Protocol: ";
    head += subprotocol;
  }
  head += "\r\n\r\n";
  return head;
}

}  // namespace weir::edge
