#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/prompt/request.hpp"
#include "weir/prompt/research_signal.hpp"
#include "weir/stream/event.hpp"

namespace weir::relay {

/// A turn of research as deepwiki-open's pages have it (src/components/Ask.tsx). They drive the
/// turns themselves: `[DEEP RESEARCH]` before a question begins a research, and up to four requests
/// more, `[DEEP RESEARCH] Continue the research`, go on with it, each with all texts so far. They
/// know the stages, and the end, by headings in the text; so these are written here, whatever the
/// model writes, and what the turn asks for is written at its end, where the next one finds it.
class TaggedResearch {
 public:
  /// Makes such a request one of a turn of research: the tags go, the question comes last. Nothing
  /// where its last message has no tag.
  static std::optional<TaggedResearch> read(prompt::ChatRequest& request);

  /// What is to be sent for a piece of the answer's text.
  std::string text(std::string_view piece);
  /// Any other event of the answer.
  void take(const stream::Event& event);
  /// What is still to be sent of a turn that is done.
  std::string finish();
  /// The same of one that has failed, before the error: it ends the research, which would otherwise
  /// be gone on with.
  std::string fail();

 private:
  explicit TaggedResearch(prompt::ResearchTurn turn) : turn_(std::move(turn)) {}

  bool concludes() const;
  std::string with_heading(std::string text);

  prompt::ResearchTurn turn_;
  prompt::ResearchReader reader_;
  bool has_model_ = true;
  bool has_heading_ = false;
};

}  // namespace weir::relay
