// An order of all values of a number type that sorting may rely on: NaN counts as the largest.
#pragma once

namespace sixtops::cpu::reference {

template <typename T>
bool is_below(T a, T b) {
  return b != b ? a == a : a < b;
}

}  // namespace sixtops::cpu::reference
