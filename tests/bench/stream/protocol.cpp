#include "protocol.hpp"

#include "socket_protocol.hpp"
#include "sse_protocol.hpp"

namespace weir::bench {

std::unique_ptr<Protocol> make_protocol(Face face) {
  switch (face) {
    case Face::openai:
      return std::make_unique<OpenAiProtocol>();
    case Face::weir_socket:
      return std::make_unique<WeirSocketProtocol>();
    case Face::weir_sse:
      return std::make_unique<WeirSseProtocol>();
  }
  return nullptr;
}

}  // namespace weir::bench
