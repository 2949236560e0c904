#include "search/words.hpp"

#include "search/stores.hpp"

namespace weir::boundary {
namespace {

std::shared_ptr<Store> store;
std::shared_ptr<const retrieval::WordTable> table = std::make_shared<retrieval::WordTable>();

}  // namespace

const retrieval::WordTable& words() {
  return *table;
}

}  // namespace weir::boundary

using namespace weir::boundary;

/// Opens the table of words (words.bin), once: {"value": true} or {"wanted"}.
WEIR_EXPORT void weir_words_open(std::uint32_t handle) {
  auto found = find_store(handle);
  if (!found) return fail(no_such_handle("store"));
  give_read(weir::retrieval::WordTable::open(found->bytes), [&](weir::retrieval::WordTable opened) {
    store = std::move(found);
    table = std::make_shared<weir::retrieval::WordTable>(std::move(opened));
    return weir::json::Value(true);
  });
}
