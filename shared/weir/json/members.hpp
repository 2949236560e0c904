#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/assert.hpp"
#include "weir/base/result.hpp"

/// JSON read where it stands, without a tree: for messages whose members are known by name. What a
/// text says is the same as in the tree that parse() makes of it.
namespace weir::json {

/// A value's own text inside a text that was found to be JSON, and that outlives this; or none.
class ValueView {
 public:
  ValueView() = default;
  explicit ValueView(std::string_view text) : text_(text) {}

  explicit operator bool() const { return !text_.empty(); }
  std::string_view text() const { return text_; }

  bool is_null() const { return begins_with('n'); }
  bool is_boolean() const { return begins_with('t') || begins_with('f'); }
  bool is_string() const { return begins_with('"'); }
  bool is_number() const { return begins_with('-') || (text_ >= "0" && text_ < ":"); }
  bool is_array() const { return begins_with('['); }
  bool is_object() const { return begins_with('{'); }

  bool is_true() const { return begins_with('t'); }
  /// What the string stands for; empty where it is no string.
  std::string string() const;
  /// As integer_or() of json.hpp reads numbers.
  std::int64_t integer_or(std::int64_t fallback) const;
  /// The array's elements; none where it is no array.
  std::vector<ValueView> elements() const;

 private:
  bool begins_with(char c) const { return !text_.empty() && text_.front() == c; }

  std::string_view text_;
};

/// Reads one object, as far as there are names. False where `text` is anything else or nested
/// deeper than `depth_most`, and for the few texts that parse() alone takes (see Scanner); what
/// `values` hold is then of no use.
bool read_members(std::string_view text, std::size_t depth_most,
                  std::span<const std::string_view> names, std::span<ValueView> values);

/// parse() for what read_members() does not take: `rewritten` becomes the same JSON in its common
/// form.
Result<void> rewrite(std::string_view text, std::size_t depth_most, std::string& rewritten);

/// The members of an object that have one of `count` names. Of a name that comes twice the last
/// counts; others are passed over.
///
///   constexpr std::array<std::string_view, 2> names = {"role", "content"};
///   json::Members members(names);
///   if (const auto parsed = members.parse(text, 32); !parsed) return parsed.error();
///   if (members["role"].is_string()) ...
template <std::size_t count>
class Members {
 public:
  /// The names must outlive this.
  explicit Members(const std::array<std::string_view, count>& names) : names_(names) {}
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  /// Reads a text from outside, which must outlive this. The errors are parse()'s; JSON that is no
  /// object is none.
  Result<void> parse(std::string_view text, std::size_t depth_most) {
    is_object_ = read_members(text, depth_most, names_, values_);
    if (is_object_) return {};
    const auto rewritten = rewrite(text, depth_most, rewritten_);
    if (rewritten) is_object_ = read_members(rewritten_, depth_most, names_, values_);
    return rewritten;
  }
  /// Reads a value of a text that was parsed.
  void read(ValueView value) {
    constexpr std::size_t depth_most = 64;
    is_object_ = read_members(value.text(), depth_most, names_, values_);
  }

  bool is_object() const { return is_object_; }

  /// The member of this name, one of those given; none where the object has no such member.
  ValueView operator[](std::string_view name) const {
    std::size_t at = 0;
    while (at < count && names_[at] != name) ++at;
    WEIR_ASSERT(at < count);
    return values_[at];
  }

 private:
  const std::array<std::string_view, count>& names_;
  std::array<ValueView, count> values_;
  bool is_object_ = false;
  std::string rewritten_;  ///< where the text was not read as it came
};

}  // namespace weir::json
