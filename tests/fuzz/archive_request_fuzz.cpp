// Repositories' addresses as anybody may type them: whatever comes out goes to a forge's own hosts,
// and has no secret and no sign of another request in it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "archive_request.hpp"
#include "weir/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<weir::edge::Forge> forges = weir::edge::default_forges();
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = all.find('\n');
  weir::edge::ArchiveQuery query;
  query.url = all.substr(0, cut);
  if (cut != std::string_view::npos) query.ref = all.substr(cut + 1);
  const auto archive = weir::edge::archive_request(forges, query);
  if (!archive) return 0;
  const auto address = weir::edge::Address::parse(archive->request.url);
  WEIR_ASSERT(address && address->origin.tls);
  WEIR_ASSERT(weir::edge::may_fetch(*archive->forge, *address));
  for (const char c : archive->request.url) WEIR_ASSERT(c > 0x20 && c < 0x7F);
  WEIR_ASSERT(archive->request.url.find("/../") == std::string::npos);
  return 0;
}
