#include "vocabularies.hpp"

extern "C" {
extern const unsigned char weir_edge_cl100k_base[], weir_edge_cl100k_base_end[];
extern const unsigned char weir_edge_o200k_base[], weir_edge_o200k_base_end[];
extern const unsigned char weir_edge_qwen3[], weir_edge_qwen3_end[];
}

namespace weir::edge {

Bytes vocabulary(tokens::EncodingName encoding) {
  switch (encoding) {
    case tokens::EncodingName::cl100k_base:
      return {weir_edge_cl100k_base, weir_edge_cl100k_base_end};
    case tokens::EncodingName::o200k_base:
      return {weir_edge_o200k_base, weir_edge_o200k_base_end};
    case tokens::EncodingName::qwen3:
      return {weir_edge_qwen3, weir_edge_qwen3_end};
  }
  return {};
}

}  // namespace weir::edge
