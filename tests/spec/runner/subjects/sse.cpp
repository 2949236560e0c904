// `sse`: each input line is bytes (with backslash escapes) for sse::Parser; the output is what it
// dispatches.
#include "spec/runner/registry.hpp"
#include "spec/runner/words.hpp"
#include "weir/sse/parser.hpp"

namespace weir::spec {
namespace {

/// Small, so that a transcript can pass it.
constexpr std::size_t line_bytes_most = 64;

class SseSubject : public Subject {
 public:
  explicit SseSubject(Cutter& cutter) : cutter_(cutter) {}

  void input(std::string_view line, std::vector<std::string>& out) override {
    const std::string bytes = unescape(line);
    for (const std::string_view piece : cutter_.cut(bytes)) {
      parser_.feed(piece);
      while (const auto message = parser_.next()) out.push_back(print(*message));
    }
    if (parser_.error() && !error_told_) {
      error_told_ = true;
      out.push_back("error " + std::string(name(parser_.error()->code)));
    }
  }

 private:
  static std::string print(const sse::Message& message) {
    std::string text = message.event.empty() ? "message" : message.event;
    if (!message.id.empty()) text += " id=" + escape(message.id);
    return text + " " + escape(message.data);
  }

  Cutter& cutter_;
  sse::Parser parser_{line_bytes_most};
  bool error_told_ = false;
};

}  // namespace

std::unique_ptr<Subject> make_sse(Cutter& cutter) {
  return std::make_unique<SseSubject>(cutter);
}

}  // namespace weir::spec
