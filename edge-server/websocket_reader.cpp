#include "websocket_reader.hpp"

#include <algorithm>
#include <cstring>

#include "weir/text/utf8.hpp"

namespace weir::edge {
namespace {

enum Opcode : std::uint8_t {
  continuation = 0,
  text_frame = 1,
  binary_frame = 2,
  close_frame = 8,
  ping_frame = 9,
  pong_frame = 10,
};

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t opcode_bits = 0x0F;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t size_bits = 0x7F;
constexpr std::uint8_t size_in_2_bytes = 126;
constexpr std::uint8_t size_in_8_bytes = 127;
constexpr std::size_t control_bytes_most = 125;
constexpr std::size_t two_bytes_most = 0xFFFF;

std::size_t size_bytes(std::uint8_t short_size) {
  if (short_size == size_in_2_bytes) return 2;
  return short_size == size_in_8_bytes ? 8 : 0;
}

/// A size has 63 bits, and is written by its shortest form (5.2).
bool is_size(std::uint64_t size, std::size_t bytes) {
  constexpr std::uint64_t most = UINT64_MAX >> 1;
  if (bytes == 2) return size > control_bytes_most;
  return bytes == 0 || (size > two_bytes_most && size <= most);
}

/// A head in network byte order, by the shortest form of the size.
void append_head(std::string& out, Opcode opcode, std::size_t size) {
  out += static_cast<char>(final_bit | opcode);
  const auto append_size = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out += static_cast<char>(size >> shift & 0xFF);
    }
  };
  if (size <= control_bytes_most) {
    append_size(1);
  } else if (size <= two_bytes_most) {
    out += static_cast<char>(size_in_2_bytes);
    append_size(2);
  } else {
    out += static_cast<char>(size_in_8_bytes);
    append_size(8);
  }
}

/// A closing frame has no payload, or a code, which not all numbers are, and a reason in UTF-8.
std::optional<CloseCode> fault_of_close(std::string_view payload) {
  if (payload.empty()) return std::nullopt;
  if (payload.size() == 1) return CloseCode::protocol_error;
  const auto code = static_cast<std::uint16_t>(code_of_close(payload));
  const bool of_the_protocol = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
  const bool of_others = code >= 3000 && code <= 4999;
  if (!of_the_protocol && !of_others) return CloseCode::protocol_error;
  if (!text::is_valid_utf8(payload.substr(2))) return CloseCode::invalid_text;
  return std::nullopt;
}

/// Appends the payload's bytes as they were before they were masked; the first one's mask is
/// mask[at] (RFC 6455, 5.3).
template <std::size_t size>
void append_unmasked(std::string& out, std::string_view masked,
                     const std::array<std::uint8_t, size>& mask, std::size_t at) {
  std::array<char, 8> wide{};
  for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = static_cast<char>(mask[(at + i) % size]);
  std::uint64_t pattern = 0;
  std::memcpy(&pattern, wide.data(), sizeof(pattern));
  while (masked.size() >= sizeof(pattern)) {
    std::uint64_t word = 0;
    std::memcpy(&word, masked.data(), sizeof(word));
    word ^= pattern;
    out.append(reinterpret_cast<const char*>(&word), sizeof(word));
    masked.remove_prefix(sizeof(word));
  }
  for (std::size_t i = 0; i < masked.size(); ++i) out += static_cast<char>(masked[i] ^ wide[i]);
}

}  // namespace

std::optional<WebSocketReader::Message> WebSocketReader::next(std::string_view& bytes) {
  if (!in_message_) text_ = {};  // most sockets have nothing to say most of the time
  if (!in_frame_) control_ = {};
  while (!error_) {
    if (!in_frame_ && !read_head(bytes)) return std::nullopt;
    take_payload(bytes);
    if (left_ > 0) return std::nullopt;
    in_frame_ = false;
    if (auto message = end_frame()) return message;
  }
  return std::nullopt;
}

/// True once the head is whole and allowed.
bool WebSocketReader::read_head(std::string_view& bytes) {
  constexpr std::size_t first_bytes = 2;
  std::size_t whole = first_bytes;
  if (head_size_ >= first_bytes) whole += size_bytes(head_[1] & size_bits) + mask_bytes;
  while (head_size_ < whole) {
    if (bytes.empty()) return false;
    head_[head_size_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (head_size_ != first_bytes) continue;
    if (!check_head()) return false;
    whole += size_bytes(head_[1] & size_bits) + mask_bytes;
  }
  begin_frame();
  return !error_;
}

/// What can be told from a frame's first two bytes.
bool WebSocketReader::check_head() {
  opcode_ = head_[0] & opcode_bits;
  final_ = (head_[0] & final_bit) != 0;
  const bool masked = (head_[1] & mask_bit) != 0;
  const bool known = opcode_ <= binary_frame || (opcode_ >= close_frame && opcode_ <= pong_frame);
  const bool control_fits = final_ && (head_[1] & size_bits) <= control_bytes_most;
  const bool in_place = is_control() ? control_fits : in_message_ == (opcode_ == continuation);
  if (!known || !masked || !in_place || (head_[0] & reserved_bits) != 0) {
    fail(CloseCode::protocol_error);
  } else if (opcode_ == binary_frame) {
    fail(CloseCode::unsupported_data);
  }
  return !error_;
}

void WebSocketReader::begin_frame() {
  const std::uint8_t short_size = head_[1] & size_bits;
  const std::size_t size_end = 2 + size_bytes(short_size);
  left_ = size_end == 2 ? short_size : 0;
  for (std::size_t i = 2; i < size_end; ++i) left_ = left_ << 8 | head_[i];
  std::copy_n(head_.begin() + size_end, mask_bytes, mask_.begin());
  head_size_ = 0;
  mask_at_ = 0;
  in_frame_ = true;
  if (!is_size(left_, size_bytes(short_size))) return fail(CloseCode::protocol_error);
  if (is_control()) return;
  in_message_ = true;
  if (left_ > text_bytes_most_ - text_.size()) fail(CloseCode::message_too_big);
}

void WebSocketReader::take_payload(std::string_view& bytes) {
  const std::size_t size = std::min<std::uint64_t>(left_, bytes.size());
  append_unmasked(is_control() ? control_ : text_, bytes.substr(0, size), mask_, mask_at_);
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + size) % mask_bytes);
  bytes.remove_prefix(size);
  left_ -= size;
}

/// The message that the frame was the last of.
std::optional<WebSocketReader::Message> WebSocketReader::end_frame() {
  using Kind = Message::Kind;
  if (opcode_ == ping_frame) return Message{Kind::ping, control_};
  if (opcode_ == pong_frame) return Message{Kind::pong, control_};
  if (opcode_ == close_frame) {
    error_ = fault_of_close(control_);
    return error_ ? std::nullopt : std::optional(Message{Kind::close, control_});
  }
  if (!final_) return std::nullopt;
  in_message_ = false;
  if (!text::is_valid_utf8(text_)) {
    fail(CloseCode::invalid_text);
    return std::nullopt;
  }
  return Message{Kind::text, text_};
}

CloseCode code_of_close(std::string_view payload) {
  if (payload.size() < 2) return CloseCode::normal;
  const auto high = static_cast<std::uint8_t>(payload[0]);
  return static_cast<CloseCode>(high << 8 | static_cast<std::uint8_t>(payload[1]));
}

void append_text_head(std::string& out, std::size_t size) {
  append_head(out, text_frame, size);
}

void append_text(std::string& out, std::string_view text) {
  append_text_head(out, text.size());
  out += text;
}

void append_close(std::string& out, CloseCode code) {
  append_head(out, close_frame, 2);
  out += static_cast<char>(static_cast<std::uint16_t>(code) >> 8);
  out += static_cast<char>(static_cast<std::uint16_t>(code) & 0xFF);
}

void append_pong(std::string& out, std::string_view payload) {
  append_head(out, pong_frame, payload.size());
  out += payload;
}

void append_ping(std::string& out) {
  append_head(out, ping_frame, 0);
}

}  // namespace weir::edge
