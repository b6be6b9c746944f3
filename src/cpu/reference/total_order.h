// An order of all values of a number type that sorting may rely on: NaN counts as the largest.
#pragma once

#include <cmath>
#include <type_traits>

namespace sixtops::cpu::reference {

template <typename T>
bool is_nan(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::isnan(value);
  } else {
    return false;
  }
}

template <typename T>
bool is_below(T a, T b) {
  return is_nan(b) ? !is_nan(a) : a < b;
}

}  // namespace sixtops::cpu::reference
