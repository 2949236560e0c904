#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/error.hpp"

/// The border between a WebAssembly module and its host: flat C functions, all called `weir_*`.
///
/// Bytes in. The host allocates with weir_allocate, writes, calls with (pointer, length), and
/// releases with weir_release. The callee copies what it keeps, unless its comment says that it
/// takes the allocation over. Text is UTF-8, without a zero at the end; structured data is JSON.
///
/// Results out. Each call that has more to say than a number leaves it in the one result buffer,
/// where weir_result() points: status (0 success, 1 failure), pointer and size. It is valid until
/// the next call; the host copies it at once. A failure is JSON {"code", "message", "hint"}.
///
/// Handles. What lives longer than a call is named by an integer that is never used again, whatever
/// its kind, and 0 names nothing. Every kind has its weir_*_close, which ignores unknown handles;
/// weir_live_handles() counts what is open.
///
/// Time and chance come from the host as arguments: the module has no clock and no entropy, and the
/// list of its imports proves it. A broken invariant traps; the instance must not be used after.
namespace weir::boundary {

/// What weir_result() points to.
struct CallResult {
  std::uint32_t status = 0;
  const std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
};

/// The result buffer takes the text over.
void give(std::string text);
/// The result points into memory that a handle owns.
void lend(Bytes bytes);
void fail(const Error& error);

/// For a handle that was closed or never was: a mistake of the caller's.
Error no_such_handle(const char* kind);

std::string_view text_of(const std::uint8_t* pointer, std::uint32_t size);
Bytes bytes_of(const std::uint8_t* pointer, std::uint32_t size);

std::uint32_t next_handle();
void count_handle(int change);

/// The open objects of one kind.
template <class T>
class Handles {
 public:
  std::uint32_t open(std::unique_ptr<T> object) {
    const std::uint32_t handle = next_handle();
    objects_.emplace(handle, std::move(object));
    count_handle(+1);
    return handle;
  }

  /// Null where there is none.
  T* find(std::uint32_t handle) const {
    const auto found = objects_.find(handle);
    return found == objects_.end() ? nullptr : found->second.get();
  }

  /// The object leaves the table; null where there is none.
  std::unique_ptr<T> take(std::uint32_t handle) {
    const auto found = objects_.find(handle);
    if (found == objects_.end()) return nullptr;
    std::unique_ptr<T> object = std::move(found->second);
    objects_.erase(found);
    count_handle(-1);
    return object;
  }

  const std::map<std::uint32_t, std::unique_ptr<T>>& all() const { return objects_; }

 private:
  std::map<std::uint32_t, std::unique_ptr<T>> objects_;
};

}  // namespace weir::boundary

/// A function that the module exports; its name also stands in exports.txt.
#define WEIR_EXPORT extern "C" __attribute__((used))
