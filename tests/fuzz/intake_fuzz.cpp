// What comes into a pack: any bytes, under any path, with any .gitignore beside them. What is taken
// in must be UTF-8 under a plain path, and account must be kept of everything offered.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/retrieval/intake.hpp"
#include "weir/text/charset.hpp"
#include "weir/text/utf8.hpp"

namespace {

using weir::retrieval::Intake;

/// The text up to the next zero byte; the rest stays.
std::string_view take(std::string_view& rest) {
  const std::size_t end = rest.find('\0');
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::uint64_t counted(const Intake& intake) {
  std::uint64_t files = 0;
  for (std::size_t i = 0; i < weir::retrieval::admission_count; ++i) {
    files += intake.report().of(static_cast<weir::retrieval::Admission>(i)).files;
  }
  return files;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view folder = take(rest), rules = take(rest), path = take(rest);
  const auto text = weir::text::to_utf8(rest, weir::text::charset_of(rest));
  WEIR_ASSERT(!text || weir::text::is_valid_utf8(*text));

  Intake intake({});
  intake.ignore(folder, rules);
  (void)intake.enters(folder);
  const std::uint64_t before = counted(intake);
  const bool added = intake.admits(path, rest.size()) && intake.add(path, weir::as_bytes(rest));
  WEIR_ASSERT(counted(intake) == before + 1);
  WEIR_ASSERT(intake.builder().files() == (added ? 1U : 0U));
  return 0;
}
