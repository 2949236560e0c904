// What the C library of a bare module would import from its host, answered here instead, so that
// the module needs nothing at all.
#include <cstddef>
#include <cstdint>

/// Told after memory has grown. Hosts make their views anew after every call, so nobody needs it.
extern "C" void emscripten_notify_memory_growth(std::size_t) {}

/// Where abort() ends: in a module without exceptions that means no memory is left.
extern "C" [[noreturn]] void __wasi_proc_exit(std::uint32_t) {
  __builtin_trap();
}
