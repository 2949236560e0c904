#include "http_io.hpp"

#include <boost/beast/http/status.hpp>
#include <charconv>

namespace weir::edge {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

void append_status(std::string& out, bool http_1_0, int status) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  out += http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  out += std::to_string(status);
  out += ' ';
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

/// Who may read the response: the gate has let the origin pass.
void append_cors(std::string& out, const std::string& origin) {
  append_field(out, "Vary", "Origin");
  if (origin.empty()) return;
  append_field(out, "Access-Control-Allow-Origin", origin);
  append_field(
      out, "Access-Control-Expose-Headers",
      "weir-answer, weir-reused, weir-archive-bytes, weir-repository, content-range, etag, "
      "retry-after, x-should-retry");
}

}  // namespace

std::string_view field(const Request& request, http::field name) {
  const auto found = request.find(name);
  if (found == request.end()) return {};
  return {found->value().data(), found->value().size()};
}

std::string_view field(const Request& request, std::string_view name) {
  const auto found = request.find(name);
  if (found == request.end()) return {};
  return {found->value().data(), found->value().size()};
}

std::string joined_field(const Request& request, std::string_view name) {
  std::string all;
  const auto [begin, end] = request.equal_range(beast::string_view(name.data(), name.size()));
  for (auto each = begin; each != end; ++each) {
    if (!all.empty()) all += ',';
    all.append(each->value().data(), each->value().size());
  }
  return all;
}

std::optional<std::string_view> sole_field(const Request& request, http::field name) {
  if (request.count(name) != 1) return std::nullopt;
  return field(request, name);
}

std::optional<std::string_view> origin_of(const Request& request) {
  if (request.count(http::field::origin) == 0) return std::nullopt;
  return sole_field(request, http::field::origin).value_or("null");
}

ResponseContext ResponseContext::of(const Request& request, bool keep_alive) {
  ResponseContext context;
  context.http_1_0 = request.version() < 11;
  context.head_only = request.method() == http::verb::head;
  context.keep_alive = keep_alive;
  context.origin = field(request, http::field::origin);
  return context;
}

void append_head(std::string& out, const ResponseContext& context, const Reply& reply, Body body,
                 std::size_t length) {
  append_status(out, context.http_1_0, reply.status);
  for (const auto& [name, value] : reply.headers) append_field(out, name, value);
  append_field(out, "X-Content-Type-Options", "nosniff");
  append_cors(out, context.origin);
  if (!context.keep_alive) append_field(out, "Connection", "close");
  if (context.keep_alive && context.http_1_0) append_field(out, "Connection", "keep-alive");
  if (body == Body::of_length) append_field(out, "Content-Length", std::to_string(length));
  if (body == Body::in_chunks && !context.http_1_0) {
    append_field(out, "Transfer-Encoding", "chunked");
  }
  out += "\r\n";
}

void append_chunk(std::string& out, const ResponseContext& context, std::string_view bytes) {
  if (context.http_1_0) {
    out += bytes;
    return;
  }
  constexpr std::size_t digits_most = 16;
  constexpr int hexadecimal = 16;
  char digits[digits_most];
  out.append(digits, std::to_chars(digits, digits + digits_most, bytes.size(), hexadecimal).ptr);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
}

void append_last_chunk(std::string& out, const ResponseContext& context) {
  if (!context.http_1_0) out += "0\r\n\r\n";
}

}  // namespace weir::edge
