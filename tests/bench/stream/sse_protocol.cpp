#include "sse_protocol.hpp"

#include <cstring>

#include "questions.hpp"

namespace weir::bench {
namespace {

std::string post(std::string_view target, std::string_view headers, std::string_view body) {
  std::string out = "POST ";
  out.append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
  out.append("Accept: text/event-stream\r\n").append(headers);
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return out.append(body);
}

}  // namespace

std::string_view member_text(std::string_view json, std::string_view before) {
  const void* const found = memmem(json.data(), json.size(), before.data(), before.size());
  if (!found) return {};
  const char* const text = static_cast<const char*>(found) + before.size();
  const std::string_view rest(text, static_cast<std::size_t>(json.data() + json.size() - text));
  return rest.substr(0, rest.find('"'));
}

void SseProtocol::take(std::string& in, Sink& sink) {
  const std::size_t size = in.size();
  const bool had_head = response_.has_head();
  if (!response_.take(in, body_)) return sink.ended(Ending::broken, "no HTTP response");
  stream_bytes_ += size - in.size() - (had_head ? 0 : response_.head_bytes());
  if (!response_.has_head()) return;
  if (response_.status() != 200) {
    if (response_.is_whole()) end(sink);
    return;
  }
  std::size_t at = 0;
  for (std::size_t next; (next = body_.find('\n', at)) != body_.npos; at = next + 1) {
    if (next > at) line(std::string_view(body_).substr(at, next - at), sink);
  }
  body_.erase(0, at);
  if (response_.is_whole()) end(sink);
}

void SseProtocol::end(Sink& sink) {
  const bool good = response_.status() == 200;
  const bool done = done_;
  const std::string why = good ? error_ : std::to_string(response_.status()) + " " + body_;
  done_ = false;
  error_.clear();
  body_.clear();
  response_.restart();
  if (done) return sink.ended(Ending::done, "");
  sink.ended(why.empty() ? Ending::broken : Ending::error, why);
}

std::string OpenAiProtocol::question(std::uint64_t answer) {
  return post("/v1/chat/completions", "Authorization: Bearer x\r\n", chat_completion(answer));
}

void OpenAiProtocol::line(std::string_view line, Sink& sink) {
  if (line == "data: [DONE]") {
    done_ = true;
    return;
  }
  const std::string_view text = member_text(line, R"("content":")");
  if (!text.empty()) sink.text(text);
}

std::string WeirSseProtocol::question(std::uint64_t answer) {
  return post("/v1/answers", "Weir-Key: " + fresh_key() + "\r\n", weir_request(answer));
}

void WeirSseProtocol::line(std::string_view line, Sink& sink) {
  if (line.starts_with("event: ")) {
    type_ = line.substr(7);
  } else if (line.starts_with("data: ")) {
    if (type_ == "delta") sink.text(member_text(line, R"("text":")"));
    if (type_ == "done") done_ = true;
    if (type_ == "error" || type_ == "gap") error_ = line;
  }
}

}  // namespace weir::bench
