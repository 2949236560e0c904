#include "corpus.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/string_table.hpp"

namespace weir::training {
namespace {

constexpr std::uint32_t packages_least = 3;
constexpr std::uint32_t none = UINT32_MAX;

/// Splits and stems texts as the index does.
class Words {
 public:
  std::vector<Count> count(const std::string& text) {
    std::map<std::uint32_t, std::uint32_t> times;
    analyzer_.analyze(text, [&](const retrieval::RawTerm& raw) {
      if (raw.kind == retrieval::TermKind::part) ++times[stem_of(raw.text)];
    });
    std::vector<Count> counts;
    for (const auto& [word, n] : times) {
      counts.push_back({word, 1 + std::log(static_cast<float>(n))});
    }
    return counts;
  }
  const retrieval::StringTable& stems() const { return stems_; }

 private:
  std::uint32_t stem_of(std::string_view raw) {
    const std::uint32_t number = raw_.intern(raw);
    if (number == stem_of_raw_.size()) {
      std::string stemmed(raw);
      retrieval::stem(stemmed);
      stem_of_raw_.push_back(stems_.intern(stemmed));
    }
    return stem_of_raw_[number];
  }

  retrieval::Analyzer analyzer_;
  retrieval::StringTable raw_, stems_;
  std::vector<std::uint32_t> stem_of_raw_;
};

struct Use {
  std::uint32_t pairs = 0;
  std::uint32_t packages = 0;
  std::uint32_t last_package = none;
};

/// Pairs of one package follow one another.
std::vector<Use> count_uses(const Corpus& corpus, std::size_t words) {
  std::vector<Use> uses(words);
  for (const Pair& pair : corpus.pairs) {
    for (const auto* side : {&pair.question, &pair.text}) {
      for (const Count& count : *side) {
        Use& use = uses[count.word];
        ++use.pairs;
        if (std::exchange(use.last_package, pair.package) != pair.package) ++use.packages;
      }
    }
  }
  return uses;
}

void keep(std::vector<Count>& counts, const std::vector<std::uint32_t>& number) {
  std::erase_if(counts, [&](const Count& count) { return number[count.word] == none; });
  for (Count& count : counts) count.word = number[count.word];
}

void choose_words(Corpus& corpus, const retrieval::StringTable& stems, std::size_t words_most) {
  const std::vector<Use> uses = count_uses(corpus, stems.size());
  std::vector<std::uint32_t> order;
  for (std::uint32_t word = 0; word < uses.size(); ++word) {
    if (uses[word].packages >= packages_least) order.push_back(word);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return uses[a].pairs != uses[b].pairs ? uses[a].pairs > uses[b].pairs : stems[a] < stems[b];
  });
  order.resize(std::min(order.size(), words_most));
  std::vector<std::uint32_t> number(uses.size(), none);
  const auto texts = 2 * static_cast<float>(corpus.pairs.size());
  for (const std::uint32_t word : order) {
    number[word] = static_cast<std::uint32_t>(corpus.words.size());
    corpus.words.emplace_back(stems[word]);
    corpus.idf.push_back(std::log(1 + texts / static_cast<float>(uses[word].pairs)));
  }
  for (Pair& pair : corpus.pairs) {
    keep(pair.question, number);
    keep(pair.text, number);
  }
}

}  // namespace

Corpus read_corpus(const std::string& path, std::size_t words_most) {
  Corpus corpus;
  Words words;
  std::map<std::string, std::uint32_t> packages;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    const auto value = json::parse(line, 4);
    if (!value) continue;
    const auto next = static_cast<std::uint32_t>(packages.size());
    corpus.pairs.push_back(
        {words.count(json::string_or(*value, "query")),
         words.count(json::string_or(*value, "path") + "\n" + json::string_or(*value, "text")),
         packages.emplace(json::string_or(*value, "package"), next).first->second});
  }
  corpus.packages = static_cast<std::uint32_t>(packages.size());
  choose_words(corpus, words.stems(), words_most);
  std::erase_if(corpus.pairs,
                [](const Pair& pair) { return pair.question.size() < 2 || pair.text.size() < 4; });
  return corpus;
}

}  // namespace weir::training
