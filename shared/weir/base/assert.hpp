#pragma once

/// Stops the program where one of our own invariants is broken. Never for input from outside: bad
/// input is an Error value. It traps, rather than calling abort(), so that the wasm needs no
/// import.
#define WEIR_ASSERT(condition)          \
  do {                                  \
    if (!(condition)) __builtin_trap(); \
  } while (false)
