#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/prompt/cited_text.hpp"
#include "weir/prompt/research_signal.hpp"

/// The first byte says where a model's text is cut in two: what is shown of it and what it says of
/// the next turn do not depend on that, and stay within their limits. Citations are named in any
/// text, and leave it as it is where there are no passages.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  if (size == 0) return 0;
  const std::string_view text = as_text({data + 1, size - 1});
  const std::size_t cut = text.empty() ? 0 : data[0] % text.size();

  prompt::ResearchReader whole;
  std::string shown = whole.text(text);
  shown += whole.finish();
  prompt::ResearchReader cut_in_two;
  std::string again = cut_in_two.text(text.substr(0, cut));
  again += cut_in_two.text(text.substr(cut));
  again += cut_in_two.finish();
  WEIR_ASSERT(shown == again && shown.size() <= text.size());
  WEIR_ASSERT(whole.signal() == cut_in_two.signal());
  if (const auto signal = whole.signal()) {
    const limits::Research limits;
    WEIR_ASSERT(signal->queries.size() <= limits.queries);
    for (const std::string& query : signal->queries) {
      WEIR_ASSERT(!query.empty() && query.size() <= limits.query_bytes);
    }
  }
  WEIR_ASSERT(prompt::name_citations(text, {}).text == text);
  WEIR_ASSERT(prompt::name_citations(text, {{"a", 1, 2}}).cited.size() <= 1);
  return 0;
}
