#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/time.hpp"

/// Small readers and writers that the subjects share.
namespace weir::spec {

/// Takes the first word off `text` (with the blanks around it); empty where there is none.
std::string_view take_word(std::string_view& text);

/// "key=value" anywhere in `text`: the value up to the next blank, or nothing.
std::optional<std::string_view> option(std::string_view text, std::string_view key);

/// 0 unless `text` begins with decimal digits.
std::uint64_t number(std::string_view text);

/// "250ms", "1.5s", "10min", "1h"; nothing for anything else.
std::optional<Duration> duration(std::string_view text);

/// Backslash escapes to bytes: \n \r \t \0 \\ \xHH. What is no escape stays.
std::string unescape(std::string_view text);

/// The same, backwards: the result holds no control byte.
std::string escape(std::string_view bytes);

}  // namespace weir::spec
