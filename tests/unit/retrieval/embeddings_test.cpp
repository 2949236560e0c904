#include "weir/retrieval/embeddings.hpp"

#include <algorithm>
#include <limits>

#include "support.hpp"
#include "weir/base/hash.hpp"
#include "weir/base/random.hpp"
#include "weir/retrieval/vector.hpp"

namespace weir::retrieval {
namespace {

constexpr std::uint32_t dimensions = 20;  // no multiple of a vector register
const EmbeddingSpace space{"openai", "text-embedding-3-small", dimensions, false};

/// A model of sorts: each word is a direction drawn from its hash, a text their sum.
std::vector<float> embed(std::string_view text) {
  std::vector<float> sum(dimensions);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end > at) {
      Random random(fnv1a(text.substr(at, end - at)));
      for (float& component : sum)
        component += static_cast<float>(random.below(2001)) / 1000.0F - 1.0F;
    }
    at = end + 1;
  }
  return sum;
}

std::vector<std::uint8_t> make_embedded_pack(const Files& files, const EmbeddingSpace& of = space) {
  IndexBuilder builder({});
  for (const auto& [path, text] : files) builder.add(path, as_bytes(text));
  std::vector<EmbeddingDirection> directions;
  EXPECT_TRUE(builder.each_chunk([&](std::string_view path, std::string_view chunk) {
    directions.push_back(*direction_of(embed(embedding_text(path, chunk))));
  }));
  builder.carry_embeddings(of, [&](std::uint32_t chunk) {
    return Bytes(reinterpret_cast<const std::uint8_t*>(directions[chunk].data()),
                 directions[chunk].size());
  });
  auto pack = std::move(builder).finish();
  EXPECT_TRUE(pack);
  return *std::move(pack);
}

Query query_of(std::string_view text, const EmbeddingSpace& in = space) {
  Query query;
  query.text = text;
  query.embeddings.push_back(*QuestionEmbedding::of(in, embed(text)));
  return query;
}

Files alike_files() {
  // The words of the question stand as often in each; what else they say differs.
  Files files;
  for (const char* const other : {"banana", "kernel", "violin", "harbour"}) {
    std::string text;
    for (int i = 0; i < 6; ++i) text += std::string("close socket ") + other + "\n";
    files.emplace_back(std::string(other) + ".txt", text);
  }
  return files;
}

TEST(Embeddings, AreRoundedToTheNearestOfTheLargest) {
  const std::vector<float> vector = {63.5F, -127.0F, 0.0F, 1.5F, -1.5F};
  EXPECT_EQ(*direction_of(vector), (EmbeddingDirection{64, -127, 0, 2, -2}));
  EXPECT_EQ(*direction_of(std::vector<float>{0, 0}), (EmbeddingDirection{0, 0}));
}

TEST(Embeddings, ThatAreNoNumbersAreNone) {
  for (const float wrong :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_FALSE(direction_of(std::vector<float>{1, wrong}));
  }
  EXPECT_FALSE(QuestionEmbedding::of(space, std::vector<float>(dimensions - 1, 1)));
}

TEST(Embeddings, AreComparedByTheCosine) {
  const EmbeddingDirection one(dimensions, 100), other(dimensions, 3), none(dimensions, 0);
  const auto bytes = [](const EmbeddingDirection& direction) {
    return reinterpret_cast<const std::uint8_t*>(direction.data());
  };
  EXPECT_NEAR(cosine(one, bytes(other)), 32768, 64);
  EXPECT_EQ(cosine(one, bytes(none)), 0);
  EmbeddingDirection across(dimensions, 50);
  for (std::size_t i = 0; i < across.size(); i += 2) across[i] = -50;
  EXPECT_EQ(cosine(one, bytes(across)), 0);
  const EmbeddingDirection least(limits::Pack().embedding_dimensions, -128);
  EXPECT_NEAR(cosine(least, bytes(least)), 32768, 64);
}

TEST(Embeddings, AreMultipliedAsOneByOne) {
  Random random(5);
  for (const std::size_t size : {1U, 15U, 16U, 17U, 64U, 100U}) {
    EmbeddingDirection left(size), right(size);
    std::int32_t expected = 0;
    for (std::size_t i = 0; i < size; ++i) {
      left[i] = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
      right[i] = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
      expected += left[i] * right[i];
    }
    EXPECT_EQ(product(left.data(), right.data(), size), expected);
  }
}

/// Of made-up vectors, so that native and wasm are seen to agree.
TEST(Embeddings, AreTheSameInEveryBuild) {
  std::uint32_t sum = 0;
  for (const char* const text : {"close the socket", "event loop", "parse_url", "x"}) {
    const EmbeddingDirection direction = *direction_of(embed(text));
    sum = crc32({reinterpret_cast<const std::uint8_t*>(direction.data()), direction.size()}, sum);
  }
  EXPECT_EQ(sum, 0xced884faU);
}

TEST(Embeddings, StandInThePackBesideTheVectors) {
  const auto bytes = make_embedded_pack(sample_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  ASSERT_TRUE((*pack)->embeddings());
  EXPECT_EQ(*(*pack)->embeddings(), space);
  EXPECT_TRUE((*pack)->has_vectors(WordTable::built_in()));
  std::uint32_t chunk = 0;
  for (std::size_t i = 0; i < (*pack)->file_count(); ++i) {
    const auto block = **(*pack)->block((*pack)->files().first_block[i]);
    const auto expected =
        *direction_of(embed(embedding_text(block.path, block.text_of(block.chunks[0]))));
    const auto found = *(*pack)->embedding((*pack)->files().first_chunk[i]);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                           reinterpret_cast<const std::int8_t*>(found.data())));
    ++chunk;
  }
  EXPECT_GT(chunk, 0U);
}

TEST(Embeddings, DecideAmongFilesWithTheSameWords) {
  const auto bytes = make_embedded_pack(alike_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  // The question's words alone are asked for; its vector is that of another text.
  Query query = query_of("close socket");
  query.embeddings = {*QuestionEmbedding::of(space, embed("close socket violin violin violin"))};
  const auto near = [&](const Query& asked) {
    std::vector<std::string> found;
    const auto hits = search(**pack, asked);
    for (const Hit& hit : *hits) {
      if (hit.found_by.meaning) found.push_back(hit.passage.path);
    }
    return found;
  };
  EXPECT_EQ(near(query), (std::vector<std::string>{"violin.txt"}));
}

TEST(Embeddings, OfAnotherSpaceAreNotCompared) {
  const auto bytes = make_embedded_pack(alike_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  Query plain;
  plain.text = "close socket";
  const auto expected = search(**pack, plain);
  EmbeddingSpace other = space;
  other.shortened = true;
  const auto found = search(**pack, query_of("close socket", other));
  ASSERT_TRUE(expected && found);
  EXPECT_EQ(paths(*found), paths(*expected));
}

TEST(Embeddings, SayByWhatWasCompared) {
  const auto with = make_embedded_pack(sample_files()), without = make_pack(sample_files());
  const auto embedded = WholePack::open(with), plain = WholePack::open(without);
  ASSERT_TRUE(embedded && plain);
  const auto by = [&](std::vector<const Pack*> packs, const Query& query) {
    Search search(std::move(packs), WordTable::built_in(), query);
    EXPECT_TRUE(*search.run());
    return search.meaning();
  };
  Query words;
  words.text = "event loop";
  EXPECT_EQ(by({&**embedded}, query_of("event loop")), MeaningBy::provider);
  EXPECT_EQ(by({&**embedded}, words), MeaningBy::built_in);
  EXPECT_EQ(by({&**plain}, query_of("event loop")), MeaningBy::built_in);
  EXPECT_EQ(by({&**plain, &**embedded}, query_of("event loop")), MeaningBy::provider);
  words.text = "zork";
  EXPECT_EQ(by({&**plain}, words), MeaningBy::none);
  EXPECT_EQ(name(MeaningBy::built_in), "built-in");
}

std::size_t offset_of_embeddings(const Pack& pack) {
  const auto found =
      std::find_if(pack.sections().begin(), pack.sections().end(), [](const SectionEntry& entry) {
        return entry.kind == static_cast<std::uint32_t>(format::Section::embeddings);
      });
  return static_cast<std::size_t>(found->offset);
}

TEST(Embeddings, AreCheckedWhenThePackIsOpened) {
  const auto bytes = make_embedded_pack(sample_files());
  const auto pack = WholePack::open(bytes);
  ASSERT_TRUE(pack);
  const Bytes section = Bytes(bytes).subspan(offset_of_embeddings(**pack));
  ASSERT_TRUE(read_embeddings_head(section));
  for (const std::size_t length : {0U, 11U, 12U, 20U}) {
    EXPECT_FALSE(read_embeddings_head(section.first(length))) << length;
  }
  const auto with = [&](std::size_t at, std::uint8_t value) {
    std::vector<std::uint8_t> changed(section.begin(), section.end());
    changed[at] = value;
    return read_embeddings_head(changed).has_value();
  };
  EXPECT_FALSE(with(0, 0));      // no dimensions
  EXPECT_FALSE(with(2, 1));      // too many
  EXPECT_FALSE(with(4, 2));      // neither shortened nor not
  EXPECT_FALSE(with(8, 1));      // names that are cut off
  EXPECT_FALSE(with(9, 0xff));   // longer ones than there may be
  EXPECT_FALSE(with(12, 0));     // a provider without a name
  EXPECT_FALSE(with(13, 0xff));  // no UTF-8
}

}  // namespace
}  // namespace weir::retrieval
