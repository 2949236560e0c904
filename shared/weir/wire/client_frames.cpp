#include <array>
#include <optional>
#include <utility>

#include "weir/base/limits.hpp"
#include "weir/json/json.hpp"
#include "weir/json/members.hpp"
#include "weir/wire/event_json.hpp"
#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

Error wrong(std::string message) {
  return {ErrorCode::invalid_request, std::move(message),
          "See wire/PROTOCOL.md for the client frames."};
}

struct FrameWriter {
  std::string operator()(const AccessFrame& frame) const {
    std::string out = R"({"type":"access","token":)";
    json::append_string(out, frame.token);
    return out + "}";
  }
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

constexpr std::array<std::string_view, 7> frame_members = {"type",  "ref",     "key",  "answer",
                                                           "after", "request", "token"};
using Frame = json::Members<frame_members.size()>;

Result<Id128> read_id(const Frame& frame, std::string_view member) {
  const auto id = id128_from_hex(frame[member].string());
  if (id) return *id;
  return wrong("`" + std::string(member) + "` must be 32 hexadecimal digits.");
}

Result<Ref> read_ref(const Frame& frame) {
  const std::uint64_t ref = exact_or_zero(frame["ref"].integer_or(0));
  if (ref != 0 && ref <= UINT32_MAX) return static_cast<Ref>(ref);
  return wrong("`ref` must be a whole number from 1 to 4294967295.");
}

Result<ClientFrame> read_access(const Frame& frame) {
  const json::ValueView token = frame["token"];
  if (!token.is_string()) return wrong("`token` must be a string.");
  return ClientFrame(AccessFrame{token.string()});
}

/// The request may be megabytes, and is read as a whole elsewhere.
Result<ClientFrame> read_ask(const Frame& frame) {
  const auto ref = read_ref(frame);
  if (!ref) return ref.error();
  const auto key = read_id(frame, "key");
  if (!key) return key.error();
  const json::ValueView request = frame["request"];
  if (!request.is_object()) return wrong("`request` must be an object.");
  return ClientFrame(AskFrame{*ref, *key, std::string(request.text())});
}

/// 0 where `after` is left out: from the beginning.
Result<stream::Cursor> read_after(const Frame& frame) {
  const json::ValueView value = frame["after"];
  const stream::Cursor after = exact_or_zero(value.integer_or(0));
  if (after != 0 || !value || value.integer_or(1) == 0) return after;
  return wrong("`after` must be a cursor: a whole number, 0 for the beginning.");
}

Result<ClientFrame> read_resume(const Frame& frame) {
  const auto ref = read_ref(frame);
  if (!ref) return ref.error();
  const auto answer = read_id(frame, "answer");
  if (!answer) return answer.error();
  const auto after = read_after(frame);
  if (!after) return after.error();
  return ClientFrame(ResumeFrame{*ref, *answer, *after});
}

Result<ClientFrame> read_cancel(const Frame& frame) {
  const auto key = read_id(frame, "key");
  if (!key) return key.error();
  CancelFrame cancel{*key, std::nullopt};
  if (frame["answer"]) {
    const auto answer = read_id(frame, "answer");
    if (!answer) return answer.error();
    cancel.answer = *answer;
  }
  return ClientFrame(cancel);
}

}  // namespace

std::string write_client_frame(const ClientFrame& frame) {
  return std::visit(FrameWriter{}, frame);
}

Result<ClientFrame> read_client_frame(std::string_view text) {
  constexpr std::size_t depth_most = limits::Request{}.json_depth + 1;
  Frame frame(frame_members);
  if (const auto parsed = frame.parse(text, depth_most); !parsed) return parsed.error();
  const std::string type = frame["type"].string();
  if (type == "access") return read_access(frame);
  if (type == "ask") return read_ask(frame);
  if (type == "resume") return read_resume(frame);
  if (type == "cancel") return read_cancel(frame);
  return wrong("`type` must be access, ask, resume or cancel.");
}

}  // namespace weir::wire
