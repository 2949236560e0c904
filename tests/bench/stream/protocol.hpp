#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir::bench {

/// How an answer ended for its reader.
enum class Ending {
  done,    ///< by the protocol's own word that it is whole
  error,   ///< by the protocol's own word that it failed
  broken,  ///< by something that is not the protocol
};

/// What a protocol makes of the bytes that come.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void opened() = 0;  ///< a question may be asked
  virtual void text(std::string_view added) = 0;
  /// The connection is free for the next question, unless `ending` is broken.
  virtual void ended(Ending ending, std::string_view why) = 0;
};

/// One client connection's side of a protocol.
class Protocol {
 public:
  virtual ~Protocol() = default;
  /// What opens a fresh connection; without any, it counts as opened at once.
  virtual std::string opening() const { return {}; }
  virtual std::string question(std::uint64_t answer) = 0;
  /// Takes what it can from the front of `in`.
  virtual void take(std::string& in, Sink& sink) = 0;
  /// Bytes of the answers' streams so far: without the handshake and the responses' heads.
  virtual std::uint64_t stream_bytes() const = 0;
};

enum class Face { openai, weir_socket, weir_sse };

std::unique_ptr<Protocol> make_protocol(Face face);

}  // namespace weir::bench
