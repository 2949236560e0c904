#include "records.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>

namespace weir::bench {
namespace {

constexpr int decimal = 10;
constexpr int hexadecimal = 16;

void write(const Record& record, char* out) {
  char text[record_size + 1];
  std::snprintf(text, sizeof text, "%07llu:%06llu:%016llx|",
                static_cast<unsigned long long>(record.answer),
                static_cast<unsigned long long>(record.index),
                static_cast<unsigned long long>(record.sent_at));
  std::memcpy(out, text, record_size);
}

template <class Number>
Number number(std::string_view digits, int base) {
  Number value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return value;
}

}  // namespace

void write_record(std::uint64_t answer, std::uint64_t index, char* out) {
  write({answer, index, now()}, out);
}

std::optional<Record> read_record(std::string_view text) {
  if (text.size() != record_size) return std::nullopt;
  const Record record{number<std::uint64_t>(text.substr(0, 7), decimal),
                      number<std::uint64_t>(text.substr(8, 6), decimal),
                      number<Nanoseconds>(text.substr(15, 16), hexadecimal)};
  char again[record_size];
  write(record, again);
  if (text != std::string_view(again, record_size)) return std::nullopt;
  return record;
}

}  // namespace weir::bench
