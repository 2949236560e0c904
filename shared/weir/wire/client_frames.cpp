#include <optional>
#include <utility>

#include "weir/base/limits.hpp"
#include "weir/json/json.hpp"
#include "weir/json/scanner.hpp"
#include "weir/wire/event_json.hpp"
#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

Error wrong(std::string message) {
  return {ErrorCode::invalid_request, std::move(message),
          "See wire/PROTOCOL.md for the client frames."};
}

struct FrameWriter {
  std::string operator()(const AskFrame& frame) const {
    return R"({"type":"ask","ref":)" + std::to_string(frame.ref) + R"(,"key":")" +
           to_hex(frame.key) + R"(","request":)" + frame.request + "}";
  }
  std::string operator()(const ResumeFrame& frame) const {
    return R"({"type":"resume","ref":)" + std::to_string(frame.ref) + R"(,"answer":")" +
           to_hex(frame.answer) + R"(","after":)" + std::to_string(frame.after) + "}";
  }
  std::string operator()(const CancelFrame& frame) const {
    std::string out = R"({"type":"cancel")";
    if (frame.answer) out += R"(,"answer":")" + to_hex(*frame.answer) + '"';
    return out + R"(,"key":")" + to_hex(frame.key) + R"("})";
  }
};

Result<Id128> read_id(const json::Value& object, std::string_view member) {
  const auto id = id128_from_hex(json::string_or(object, member));
  if (id) return *id;
  return wrong("`" + std::string(member) + "` must be 32 hexadecimal digits.");
}

Result<Ref> read_ref(const json::Value& object) {
  const Ref ref = uint32_or_zero(object, "ref");
  if (ref != 0) return ref;
  return wrong("`ref` must be a whole number from 1 to 4294967295.");
}

/// A frame taken apart: a request may be megabytes, and is read as a whole elsewhere.
struct Parts {
  std::string frame;         ///< with an empty object in the request's place
  std::string_view request;  ///< its text
};

/// Nothing where there is no one request, or the frame is not to be read so.
std::optional<Parts> take_apart(std::string_view text, std::size_t depth_most) {
  json::Scanner scan(text, depth_most);
  std::string_view name;
  std::string_view request;
  if (!scan.begin_object()) return std::nullopt;
  while (scan.next_member(name)) {
    const bool found = name == "request";
    if (found && !request.empty()) return std::nullopt;
    if (!scan.skip(found ? &request : nullptr)) return std::nullopt;
  }
  if (!scan.whole() || request.empty() || request.front() != '{') return std::nullopt;
  const auto begin = static_cast<std::size_t>(request.data() - text.data());
  Parts parts{std::string(text.substr(0, begin)), request};
  parts.frame.append("{}").append(text.substr(begin + request.size()));
  return parts;
}

Result<ClientFrame> read_ask(const json::Value& object) {
  const auto ref = read_ref(object);
  if (!ref) return ref.error();
  const auto key = read_id(object, "key");
  if (!key) return key.error();
  const json::Value* request = json::find(object, "request");
  if (!request || !request->is_object()) return wrong("`request` must be an object.");
  return ClientFrame(AskFrame{*ref, *key, json::write(*request)});
}

/// 0 where `after` is left out: from the beginning.
Result<stream::Cursor> read_after(const json::Value& object) {
  const stream::Cursor after = unsigned_or_zero(object, "after");
  if (after != 0 || !json::find(object, "after") || json::integer_or(object, "after", 1) == 0) {
    return after;
  }
  return wrong("`after` must be a cursor: a whole number, 0 for the beginning.");
}

Result<ClientFrame> read_resume(const json::Value& object) {
  const auto ref = read_ref(object);
  if (!ref) return ref.error();
  const auto answer = read_id(object, "answer");
  if (!answer) return answer.error();
  const auto after = read_after(object);
  if (!after) return after.error();
  return ClientFrame(ResumeFrame{*ref, *answer, *after});
}

Result<ClientFrame> read_cancel(const json::Value& object) {
  const auto key = read_id(object, "key");
  if (!key) return key.error();
  CancelFrame frame{*key, std::nullopt};
  if (json::find(object, "answer")) {
    const auto answer = read_id(object, "answer");
    if (!answer) return answer.error();
    frame.answer = *answer;
  }
  return ClientFrame(frame);
}

}  // namespace

std::string write_client_frame(const ClientFrame& frame) {
  return std::visit(FrameWriter{}, frame);
}

Result<ClientFrame> read_client_frame(std::string_view text) {
  constexpr std::size_t depth_most = limits::Request{}.json_depth + 1;
  const auto parts = take_apart(text, depth_most);
  const auto object = json::parse(parts ? std::string_view(parts->frame) : text, depth_most);
  if (!object) return object.error();
  const std::string type = json::string_or(*object, "type");
  if (type == "ask") {
    auto frame = read_ask(*object);
    if (frame && parts) std::get<AskFrame>(*frame).request = parts->request;
    return frame;
  }
  if (type == "resume") return read_resume(*object);
  if (type == "cancel") return read_cancel(*object);
  return wrong("`type` must be ask, resume or cancel.");
}

}  // namespace weir::wire
