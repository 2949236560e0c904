#pragma once

#include <string>
#include <string_view>

#include "weir/base/random.hpp"
#include "weir/text/utf8.hpp"

namespace weir {

/// Text that walks into the corners of the tokens' patterns: few kinds of characters, often
/// repeated, so that runs, cases, contractions, spaces and line ends meet in every order.
inline std::string random_text(Random& random, std::size_t parts_most) {
  static constexpr std::string_view parts[] = {"a",
                                               "b",
                                               "th",
                                               "ing",
                                               "A",
                                               "B",
                                               "THE",
                                               "\xC3\xA9",
                                               "\xC3\x89",
                                               "\xC7\x85",
                                               "\xCA\xB0",
                                               "\xE4\xB8\xAD",
                                               "\xE6\x96\x87",
                                               "\xD7\x90",
                                               "\xCC\x81",
                                               "\xCC\xA3",
                                               "\xCD\x84",
                                               "\xE1\x84\x92",
                                               "\xE1\x85\xA1",
                                               "\xE1\x86\xAB",
                                               "\xED\x95\x98",
                                               "\xE2\x84\xAB",
                                               "\xE1\xB8\x8B",
                                               "\xF0\x91\x8F\x82",
                                               "\xF0\x91\x8F\x87",
                                               "\xE2\x83\x9D",
                                               "'",
                                               "'s",
                                               "'S",
                                               "'ll",
                                               "'rE",
                                               "'v",
                                               "'\xC5\xBF",
                                               "\xC5\xBF",
                                               "\xE2\x80\x99s",
                                               "1",
                                               "23",
                                               "4567",
                                               "\xC2\xBD",
                                               "\xE2\x85\xA7",
                                               " ",
                                               "  ",
                                               "\t",
                                               "\n",
                                               "\r",
                                               "\r\n",
                                               "\n\n",
                                               "\xC2\xA0",
                                               "\xE3\x80\x80",
                                               "\xE2\x80\xA8",
                                               "\xC2\x85",
                                               "/",
                                               "//",
                                               ".",
                                               "!?",
                                               "(",
                                               "_",
                                               "+=",
                                               "{\n",
                                               "\xF0\x9F\x98\x80",
                                               "\xF0\x9F\x91\xA9\xE2\x80\x8D",
                                               "\xF0\x9D\x94\xB8",
                                               "\xE2\x80\x8B",
                                               "<|endoftext|>",
                                               "return"};
  std::string text;
  for (std::uint64_t left = random.below(parts_most + 1); left > 0; --left) {
    switch (random.below(24)) {
      case 0:
        text::append_utf8(text, static_cast<char32_t>(random.below(0x30000)));
        break;
      case 1:
        text.append(static_cast<std::size_t>(random.below(12)), "a A\n'1."[random.below(7)]);
        break;
      default:
        text += parts[random.below(std::size(parts))];
    }
  }
  return text;
}

/// Some bytes changed, so that some of the text is no UTF-8 any more.
inline std::string damaged(std::string text, Random& random) {
  for (std::uint64_t left = random.below(4) + 1; left > 0 && !text.empty(); --left) {
    const auto at = static_cast<std::size_t>(random.below(text.size()));
    if (random.one_in(2)) {
      text.erase(at, 1);
    } else {
      text[at] = static_cast<char>(random.below(256));
    }
  }
  return text;
}

}  // namespace weir
