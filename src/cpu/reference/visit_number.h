// Dispatch on the element types that arithmetic kernels know. 16-bit floats never arrive here: run_node widens them.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "base/error.h"
#include "cpu/reference/kernel.h"
#include "cpu/reference/total_order.h"

namespace sixtops::cpu::reference {

// What sums of T are kept in: double, or 64 bits that wrap as the element type's own arithmetic does.
template <typename T>
using Sum = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;

// The value as a T: integers truncate and saturate, NaN becomes 0.
template <typename T>
T saturating_cast(double value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    // The largest 64-bit integers are no doubles: above the largest double below them, saturation decides.
    if (!(value < static_cast<double>(std::numeric_limits<T>::max()))) {
      return is_nan(value) ? T{0} : std::numeric_limits<T>::max();
    }
    return value <= static_cast<double>(std::numeric_limits<T>::min()) ? std::numeric_limits<T>::min()
                                                                       : static_cast<T>(value);
  }
}

// Calls f(float{}) or f(double{}).
template <typename F>
Result<Outputs> visit_float(DType dtype, F&& f) {
  if (dtype == DType::kF32) return f(float{});
  if (dtype == DType::kF64) return f(double{});
  return invalid_data("element type {}, expected a float type", dtype_name(dtype));
}

// Calls f with a value of any element type but bool.
template <typename F>
Result<Outputs> visit_number(DType dtype, F&& f) {
  return visit_dtype(dtype, [&]<typename T>(T value) -> Result<Outputs> {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
      return f(value);
    } else {
      return invalid_data("element type {}, expected a number", dtype_name(dtype));
    }
  });
}

template <typename F>
Result<Outputs> visit_integer(DType dtype, F&& f) {
  return visit_dtype(dtype, [&]<typename T>(T value) -> Result<Outputs> {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      return f(value);
    } else {
      return invalid_data("element type {}, expected an integer", dtype_name(dtype));
    }
  });
}

// Integers wrap around like two's complement, floats follow IEEE.
template <typename T>
T wrapping_add(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a + b;
  } else {
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
}
template <typename T>
T wrapping_subtract(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a - b;
  } else {
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  }
}
template <typename T>
T wrapping_multiply(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a * b;
  } else {
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
}

// A NaN on either side wins, as in NumPy's maximum and minimum.
template <typename T>
T nan_max(T a, T b) {
  return a >= b || is_nan(a) ? a : b;
}
template <typename T>
T nan_min(T a, T b) {
  return a <= b || is_nan(a) ? a : b;
}

}  // namespace sixtops::cpu::reference
