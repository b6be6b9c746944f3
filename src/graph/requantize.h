// The two rounding steps of the integer network, as docs/arithmetic.md defines them:
//
//   v = sat32( rne( acc · C >> s ) )        C int16, s in 0..31
//   y = sat8 ( rne( v >> t ) + zero_point )  t = kRequantizeStage2Shift
//
// rne rounds half to even. acc · C is exact in 64 bits: |acc| < 2^31 and |C| < 2^15.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace sixtops {

// Bits that stay below the output's unit after the first rounding: enough that the chip's open question (does its first
// stage round or keep the fraction) cannot change more than exact ties (docs/arithmetic.md).
inline constexpr int kRequantizeStage2Shift = 12;

// value / 2^shift, rounded half to even. REQUIRES: 0 <= shift <= 62
constexpr int64_t rounding_shift_right(int64_t value, int shift) {
  if (shift == 0) return value;
  const int64_t floor = value >> shift;
  const int64_t rest = value - (floor << shift);
  const int64_t half = int64_t{1} << (shift - 1);
  return floor + ((rest > half || (rest == half && (floor & 1) != 0)) ? 1 : 0);
}

template <typename T>
constexpr T saturate(int64_t value) {
  return static_cast<T>(std::clamp<int64_t>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

constexpr int8_t requantize(int32_t accumulator, int16_t multiplier, int shift, int zero_point) {
  const int64_t product = int64_t{accumulator} * multiplier;
  const auto stage1 = saturate<int32_t>(rounding_shift_right(product, shift));
  return saturate<int8_t>(rounding_shift_right(stage1, kRequantizeStage2Shift) + zero_point);
}

}  // namespace sixtops
