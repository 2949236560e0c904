#include "weir/retrieval/forward_index.hpp"

#include <map>

#include "support.hpp"
#include "weir/base/random.hpp"

namespace weir::retrieval {
namespace {

const Id128 test_key{{1, 2, 3}};

/// A pack and what it is refreshed from.
struct Made {
  std::vector<std::uint8_t> pack, forward;
  std::size_t unread = 0;  ///< files that were taken over by their stamps
};

using Repository = std::map<std::string, std::string>;

/// A stamp as a host would give it: it is told by the content here.
std::uint64_t stamp_of(const std::string& text) {
  return fnv1a(text) | 1;
}

std::vector<std::uint8_t> written(
    const std::function<Result<std::vector<std::uint8_t>>(PackSink)>& write) {
  std::vector<std::uint8_t> bytes;
  const auto head = write([&](Bytes part) {
    bytes.insert(bytes.end(), part.begin(), part.end());
    return true;
  });
  EXPECT_TRUE(head);
  if (head) std::copy(head->begin(), head->end(), bytes.begin());
  return bytes;
}

Made finish(IndexBuilder& builder) {
  Made made;
  std::vector<std::uint8_t> head;
  made.pack = written([&](PackSink sink) {
    auto first = builder.write(std::move(sink));
    if (first) head = *first;
    return first;
  });
  made.forward =
      written([&](PackSink sink) { return builder.write_forward(head, std::move(sink)); });
  return made;
}

ForwardIndex opened(const Made& made) {
  auto index = ForwardIndex::open(made.pack, made.forward, WordTable::built_in().checksum());
  EXPECT_TRUE(index);
  return *std::move(index);
}

Made index_afresh(const Repository& files) {
  IndexBuilder builder({});
  builder.track(test_key);
  for (const auto& [path, text] : files) builder.add(path, as_bytes(text), stamp_of(text));
  return finish(builder);
}

Made refresh(const Repository& files, const Made& earlier, bool stamps) {
  const ForwardIndex index = opened(earlier);
  IndexBuilder builder({});
  builder.refresh(index);
  std::size_t unread = 0;
  for (const auto& [path, text] : files) {
    if (stamps && builder.add_unchanged(path, stamp_of(text))) {
      ++unread;
    } else {
      builder.add(path, as_bytes(text), stamps ? stamp_of(text) : 0);
    }
  }
  Made made = finish(builder);
  made.unread = unread;
  return made;
}

std::string some_text(Random& random) {
  const char* const lines[] = {"int parse_url(const char* text) {\n",
                               "  return scan(text, out);\n",
                               "}\n\n",
                               "/* Splits an address. */\n",
                               "class EventLoop {\n",
                               "  void runOnce();\n",
                               "};\n",
                               "caf\xc3\xa9 \xe6\xa6\x82\xe8\xa6\x81\n"};
  std::string text;
  for (std::uint64_t left = 1 + random.below(120); left > 0; --left)
    text += lines[random.below(std::size(lines))];
  return text + "value" + std::to_string(random.below(1000)) + "\n";
}

std::string some_path(Random& random) {
  const char* const folders[] = {"src/", "docs/", "", "src/net/"};
  const char* const endings[] = {".c", ".md", ".js"};
  return folders[random.below(4)] + std::string("file") + std::to_string(random.below(40)) +
         endings[random.below(3)];
}

/// Changes, adds, removes and renames a few files.
void change(Repository& files, Random& random) {
  for (std::uint64_t left = random.below(4); left > 0; --left) {
    auto some = files.begin();
    std::advance(some, static_cast<std::ptrdiff_t>(random.below(files.size())));
    switch (random.below(4)) {
      case 0:
        some->second = some_text(random);
        break;
      case 1:
        files[some_path(random)] = some_text(random);
        break;
      case 2:
        if (files.size() > 1) files.erase(some);
        break;
      default:
        std::string text = some->second;
        files.erase(some);
        files[some_path(random)] = std::move(text);
    }
  }
}

TEST(ForwardIndex, MakesTheSamePackAsIndexingAfreshWhateverHasChanged) {
  Random random(5);
  Repository files;
  while (files.size() < 20) files[some_path(random)] = some_text(random);
  Made made = index_afresh(files);
  for (int round = 0; round < 40; ++round) {
    change(files, random);
    const Made afresh = index_afresh(files);
    for (const bool stamps : {true, false}) {
      Made refreshed = refresh(files, made, stamps);
      EXPECT_EQ(refreshed.pack, afresh.pack) << round;
      if (!stamps) continue;
      EXPECT_EQ(refreshed.forward, afresh.forward) << round;
      made = std::move(refreshed);  // the next one is refreshed from a refreshed one
    }
  }
}

TEST(ForwardIndex, LeavesUnchangedFilesUnread) {
  Repository files = {{"a.c", "int a;\n"}, {"b.c", "int b;\n"}, {"c.txt", "caf\xe9 noir\n"}};
  const Made made = index_afresh(files);
  files["b.c"] = "int changed;\n";
  EXPECT_EQ(refresh(files, made, true).unread, 2U);
}

TEST(ForwardIndex, TakesNothingOverThatHasNoStamp) {
  IndexBuilder first({});
  first.track(test_key);
  first.add("a.c", as_bytes("int a;\n"));
  const Made made = finish(first);
  const ForwardIndex index = opened(made);
  EXPECT_FALSE(index.with_stamp("a.c", 0));
  EXPECT_FALSE(index.with_stamp("a.c", 1));
  EXPECT_TRUE(index.with_content("a.c", siphash(test_key, as_bytes("int a;\n"))));
  EXPECT_FALSE(index.with_content("b.c", siphash(test_key, as_bytes("int a;\n"))));
}

TEST(ForwardIndex, OfAnotherPackIsRefused) {
  const Made one = index_afresh({{"a.c", "int a;\n"}}), other = index_afresh({{"a.c", "int b;\n"}});
  const auto checksum = WordTable::built_in().checksum();
  const auto wrong_pack = ForwardIndex::open(other.pack, one.forward, checksum);
  ASSERT_FALSE(wrong_pack);
  EXPECT_EQ(wrong_pack.error().code, ErrorCode::pack_unsupported);
  EXPECT_FALSE(ForwardIndex::open(one.pack, one.forward, checksum + 1));
}

TEST(ForwardIndex, ThatIsCutOrDamagedIsRefused) {
  const Made made = index_afresh({{"a.c", "int a;\n"}, {"b.md", "# B\n\ntext\n"}});
  const auto checksum = WordTable::built_in().checksum();
  for (std::size_t length = 0; length < made.forward.size(); ++length)
    EXPECT_FALSE(ForwardIndex::open(made.pack, Bytes(made.forward).first(length), checksum))
        << length;
  for (std::size_t at = 0; at < made.forward.size(); ++at) {
    std::vector<std::uint8_t> bad = made.forward;
    bad[at] ^= 0x10;
    EXPECT_FALSE(ForwardIndex::open(made.pack, bad, checksum)) << at;
  }
}

/// Its checksum tells chance, not intent: what it claims is looked at before it is used.
TEST(ForwardIndex, ThatLiesDoesNoHarm) {
  const Repository files = {{"a.c", "int parse(int a) { return a; }\n"}, {"b.c", "int b;\n"}};
  const Made made = index_afresh(files);
  for (std::size_t at = 40; at < made.forward.size(); ++at) {
    std::vector<std::uint8_t> bad = made.forward;
    bad[at] ^= 0x15;
    const std::uint32_t sum = crc32(Bytes(bad).subspan(16));
    for (std::size_t i = 0; i < 4; ++i) bad[12 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
    const auto index = ForwardIndex::open(made.pack, bad, WordTable::built_in().checksum());
    if (!index) continue;
    IndexBuilder builder({});
    builder.refresh(*index);
    for (const auto& [path, text] : files) {
      if (!builder.add_unchanged(path, stamp_of(text))) builder.add(path, as_bytes(text));
    }
    const auto pack = std::move(builder).finish();
    if (!pack) {
      EXPECT_EQ(pack.error().code, ErrorCode::pack_damaged);
    }
  }
}

}  // namespace
}  // namespace weir::retrieval
