#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/passage.hpp"
#include "weir/stream/event.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::prompt {

/// What the last message holds of the repository: the file that the question is about, as far as
/// there is room, then the best passages, grouped by file. Each stands behind its number and in a
/// fence that no text of theirs can close.
class Sources {
 public:
  /// `file` from its first line on, `passages` best first. The fence depends on the question, too:
  /// who writes a file cannot foresee it.
  Sources(const std::string& question, std::optional<Passage> file, std::vector<Passage> passages);

  /// Chooses what fits in `room` tokens. A file that needs more than three quarters of them is cut
  /// to that at a line's end; passages that lie within what is shown of it are not offered.
  void choose(std::size_t room, const tokens::Encoding& encoding);
  /// Leaves out the last of what was chosen; false where nothing is left.
  bool choose_less();

  bool empty() const { return kept_ == 0 && !shown_; }
  /// All that was chosen, as the message's text; it ends with a line feed.
  std::string text() const;
  /// The same in the order of the text, which is that of the numbers, from 1.
  std::vector<Passage> kept() const;
  /// What found no room.
  std::vector<stream::DroppedPassage> dropped() const;

 private:
  std::size_t show_file(std::size_t room, const tokens::Encoding& encoding);
  void leave_out_what_is_shown();
  std::vector<const Passage*> in_order() const;

  std::optional<Passage> file_;
  std::vector<Passage> offered_;
  std::string tag_;
  std::optional<Passage> shown_;  ///< of the file
  std::size_t kept_ = 0;          ///< of those offered
};

}  // namespace weir::prompt
