#include "weir/provider/redact.hpp"

#include <array>

#include "weir/text/utf8.hpp"

namespace weir::provider {
namespace {

constexpr std::string_view redacted = "[redacted]";
constexpr std::size_t bytes_most = 300;

/// Shorter ones would also hit ordinary words.
constexpr std::size_t secret_bytes_least = 6;

/// How keys begin: OpenAI and many compatible ones, Groq, xAI, Google, Hugging Face, GitHub, AWS
/// (its lasting and its temporary ones), JSON Web Tokens.
constexpr std::array<std::string_view, 11> key_beginnings = {
    "sk-", "sk_", "pk-", "gsk_", "xai-", "AIza", "hf_", "ghp_", "AKIA", "ASIA", "eyJ"};

bool is_key_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == '*' || c == '+' || c == '/' || c == '=';
}

bool looks_like_key(std::string_view word) {
  if (word.find("***") != std::string_view::npos) return true;  // providers mask the middle
  for (const auto beginning : key_beginnings) {
    if (word.size() > beginning.size() + 2 && word.substr(0, beginning.size()) == beginning) {
      return true;
    }
  }
  return false;
}

void replace_all(std::string& text, std::string_view what) {
  if (what.size() < secret_bytes_least) return;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), redacted);
    at += redacted.size();
  }
}

std::string without_keys(std::string_view text) {
  std::string out;
  bool after_bearer = false;
  while (!text.empty()) {
    std::size_t length = 0;
    while (length < text.size() && is_key_character(text[length])) ++length;
    if (length == 0) {
      out += static_cast<unsigned char>(text[0]) < 0x20 ? ' ' : text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::string_view word = text.substr(0, length);
    out += (after_bearer && word != "redacted") || looks_like_key(word) ? redacted : word;
    after_bearer = word == "Bearer" || word == "bearer";
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string redact(std::string_view text, const std::vector<std::string_view>& secrets) {
  std::string whole;
  text::append_replaced(whole, text);
  for (const auto secret : secrets) replace_all(whole, secret);
  std::string out = without_keys(whole);
  if (out.size() > bytes_most) {
    out.resize(text::utf8_floor(out, bytes_most));
    out += "...";
  }
  return out;
}

}  // namespace weir::provider
