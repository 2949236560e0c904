#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/json/json.hpp"

namespace weir::json {

/// Walks one JSON text (RFC 8259) once, without building a tree and without allocating: the caller
/// takes the members it knows and skips the rest. Every call is false once the text turned out to
/// be something else than was asked for, and whole() then is false too.
///
/// What is whole() parse() takes too, and both read the same in it. Not the other way round:
/// parse() passes over a byte order mark, and takes a NUL byte for the text's end. An object's name
/// may come twice; parse() keeps the last.
///
///   Scanner scan(text);
///   std::string_view name;
///   scan.begin_object();
///   while (scan.next_member(name)) {
///     if (name == "text") scan.append_string(out); else scan.skip();
///   }
///   if (scan.whole()) ...
class Scanner {
 public:
  /// `depth_most`: as parse() has it, 64 at most.
  explicit Scanner(std::string_view text, std::size_t depth_most = 64)
      : text_(text), depth_most_(depth_most) {}

  bool begin_object();
  /// The next member's name, good until the next call; its value must be taken or skipped. False at
  /// the object's end.
  bool next_member(std::string_view& name);
  bool begin_array();
  /// Whether there is another element, which must be taken or skipped. False at the array's end.
  bool next_element();

  /// Appends what the string stands for; `raw`, if given, becomes its text, with the quotes.
  bool append_string(std::string& out, std::string_view* raw = nullptr);
  /// Whether the value is null; taken if so, still to be taken if not.
  bool take_null();
  /// Whether the value is a number of at most 18 digits and nothing else; taken if so, still to be
  /// taken if not.
  bool take_whole_number(std::uint64_t& number);
  /// Any value; `raw`, if given, becomes its text.
  bool skip(std::string_view* raw = nullptr);

  /// One whole JSON text was passed, and nothing else.
  bool whole();

  /// How many bytes were passed.
  std::size_t place() const { return at_; }
  /// In an object that has just begun: goes on behind the name of one of its members, which another
  /// scanner reached at this place in a text that began with the same bytes.
  void go_on_at(std::size_t place);

 private:
  bool fail();
  void skip_space();
  bool take(char expected);
  bool next_part(char end);
  bool pass_value();
  bool pass_plain_string(std::string_view& inside);
  bool pass_string(std::string* out);
  bool pass_escape(std::string* out);
  bool read_hex(std::uint32_t& unit);
  bool pass_scalar();
  bool pass_number();
  std::size_t pass_digits();
  bool pass_word(std::string_view word);

  std::string_view text_;
  std::size_t depth_most_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool first_ = false;  ///< an object or array has just begun
  bool failed_ = false;
  std::string name_;  ///< the last member's, where it is not plain
};

}  // namespace weir::json
