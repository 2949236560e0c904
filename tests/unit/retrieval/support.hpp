#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/retrieval/index_builder.hpp"
#include "weir/retrieval/search.hpp"
#include "weir/retrieval/whole_pack.hpp"

namespace weir::retrieval {

using Files = std::vector<std::pair<std::string, std::string>>;

inline std::vector<std::uint8_t> make_pack(const Files& files, IndexOptions options = {}) {
  IndexBuilder builder(std::move(options));
  for (const auto& [path, text] : files) {
    EXPECT_EQ(builder.add(path, as_bytes(text)), Admission::added) << path;
  }
  auto pack = std::move(builder).finish();
  EXPECT_TRUE(pack);
  return *std::move(pack);
}

/// A pack with the bytes that it views.
class OpenPack {
 public:
  explicit OpenPack(const Files& files, IndexOptions options = {})
      : bytes_(make_pack(files, std::move(options))), pack_(WholePack::open(bytes_)) {}
  const Pack& operator*() const { return **pack_; }
  const Pack* operator->() const { return &**pack_; }

 private:
  std::vector<std::uint8_t> bytes_;
  Result<WholePack> pack_;
};

inline std::vector<Hit> ask(const Pack& pack, std::string_view text, std::size_t limit = 10) {
  Query query;
  query.text = text;
  query.limit = limit;
  auto hits = search(pack, query);
  EXPECT_TRUE(hits);
  return *std::move(hits);
}

inline std::vector<std::string> paths(const std::vector<Hit>& hits) {
  std::vector<std::string> list;
  for (const Hit& hit : hits) list.push_back(hit.passage.path);
  return list;
}

/// A small repository with a bit of everything.
inline Files sample_files() {
  return {
      {"src/url_parser.c",
       "#include \"url_parser.h\"\n\n/* Splits an address into its parts. */\n"
       "int parse_url(const char* text, struct url* out) {\n  return scan(text, out);\n}\n"},
      {"src/event-loop.js",
       "export class EventLoop {\n  runOnce(timeout) {\n    return this.poll(timeout);\n  }\n}\n"},
      {"docs/guide.md",
       "# Guide\n\nHow the event loop is run.\n\n## Parsing addresses\n\nCall `parse_url` "
       "first.\n"},
      {"CHANGELOG.md", "# Changes\n\n- event loop event loop event loop parse url url url\n"},
      {"i18n/ja.md",
       "# \u6982\u8981\n\n\u975e\u540c\u671f\u51e6\u7406\u306e\u8aac\u660e\u3067\u3059\u3002\n"},
  };
}

}  // namespace weir::retrieval
