#include "engine/boundary.hpp"

#include "weir/json/json.hpp"

namespace weir::boundary {
namespace {

CallResult call_result;
std::string buffer;
std::uint32_t handles_given = 0;
std::uint32_t handles_live = 0;

void point_at(std::uint32_t status, const std::uint8_t* data, std::size_t size) {
  call_result = {status, data, static_cast<std::uint32_t>(size)};
}

}  // namespace

void give(std::string text) {
  buffer = std::move(text);
  lend(as_bytes(buffer));
}

void lend(Bytes bytes) {
  point_at(0, bytes.data(), bytes.size());
}

void fail(const Error& error) {
  buffer = R"({"code":)";
  json::append_string(buffer, name(error.code));
  buffer += R"(,"message":)";
  json::append_string(buffer, error.message);
  buffer += R"(,"hint":)";
  json::append_string(buffer, error.hint);
  buffer += '}';
  point_at(1, as_bytes(buffer).data(), buffer.size());
}

Error no_such_handle(const char* kind) {
  return {ErrorCode::internal, std::string("This ") + kind + " is closed.",
          "Open it again before using it."};
}

std::string_view text_of(const std::uint8_t* pointer, std::uint32_t size) {
  return as_text(bytes_of(pointer, size));
}

Bytes bytes_of(const std::uint8_t* pointer, std::uint32_t size) {
  return {pointer, size};
}

std::uint32_t next_handle() {
  return ++handles_given;
}

void count_handle(int change) {
  handles_live += static_cast<std::uint32_t>(change);
}

}  // namespace weir::boundary

/// Memory for bytes that the host passes in; null where there is none left.
WEIR_EXPORT void* weir_allocate(std::uint32_t size) {
  return std::malloc(size);
}

WEIR_EXPORT void weir_release(void* pointer) {
  std::free(pointer);
}

WEIR_EXPORT const weir::boundary::CallResult* weir_result() {
  return &weir::boundary::call_result;
}

WEIR_EXPORT std::uint32_t weir_live_handles() {
  return weir::boundary::handles_live;
}
