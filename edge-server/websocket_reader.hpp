#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::edge {

/// Why a WebSocket is closed, as its closing frame says (RFC 6455, 7.4.1).
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  invalid_text = 1007,
  message_too_big = 1009,
};

/// Reads what a client sends over a WebSocket (RFC 6455, 5), in pieces of any size. Frames of a
/// message are put together; nothing is held but of a message that has begun.
class WebSocketReader {
 public:
  struct Message {
    enum class Kind : std::uint8_t { text, ping, pong, close };
    Kind kind = Kind::text;
    /// A text's UTF-8, or a control frame's bytes. Good until the next call.
    std::string_view payload;
  };

  /// A text of more than `text_bytes_most` ends the reading.
  explicit WebSocketReader(std::size_t text_bytes_most) : text_bytes_most_(text_bytes_most) {}

  /// Takes bytes from the front of `bytes` up to the end of a message, and gives that. Nothing: all
  /// was taken and no message ended in it, or error() says why reading has ended.
  std::optional<Message> next(std::string_view& bytes);

  /// Why no more can be read: the code to close the connection with.
  std::optional<CloseCode> error() const { return error_; }

 private:
  bool read_head(std::string_view& bytes);
  bool check_head();
  void begin_frame();
  void take_payload(std::string_view& bytes);
  std::optional<Message> end_frame();
  bool is_control() const { return opcode_ >= 8; }
  void fail(CloseCode code) { error_ = code; }

  static constexpr std::size_t head_bytes_most = 14;
  static constexpr std::size_t mask_bytes = 4;

  std::size_t text_bytes_most_;
  std::string text_;        ///< of the message that is being read, or was given out last
  std::string control_;     ///< the same of the control frame, which may come between its frames
  std::uint64_t left_ = 0;  ///< of the frame's payload
  std::array<std::uint8_t, head_bytes_most> head_{};  ///< the frame's, as far as it has come
  std::array<std::uint8_t, mask_bytes> mask_{};
  std::uint8_t head_size_ = 0;
  std::uint8_t mask_at_ = 0;  ///< the byte of the mask for the payload's next one
  std::uint8_t opcode_ = 0;
  bool final_ = false;       ///< the frame ends its message
  bool in_frame_ = false;    ///< its head has been read
  bool in_message_ = false;  ///< frames of a message are still to come
  std::optional<CloseCode> error_;
};

/// The code of a closing frame that was read: what the answer to it says again.
CloseCode code_of_close(std::string_view payload);

/// Appends the head of an unmasked text frame in one piece (RFC 6455, 5.2); `size` bytes follow.
void append_text_head(std::string& out, std::size_t size);
/// Appends a whole text frame.
void append_text(std::string& out, std::string_view text);
/// Appends a whole closing frame.
void append_close(std::string& out, CloseCode code);
/// Appends a whole pong; `payload` is the ping's.
void append_pong(std::string& out, std::string_view payload);
/// Appends a whole ping without a payload.
void append_ping(std::string& out);

}  // namespace weir::edge
