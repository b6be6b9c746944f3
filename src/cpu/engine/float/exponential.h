// e^x in single precision as plain arithmetic, for loops that vectorize. Within 2 ulp of the exact value over the whole
// range (exponential_test.cc measures it), infinities, subnormals and NaN included.
//
// x = n · ln 2 + r with |r| <= ln 2 / 2; e^r is the polynomial of Cephes' expf (S. Moshier, public domain), and 2^n is
// applied in two halves, so that results beyond either end of the range come out as IEEE rounds them.
#pragma once

#include <bit>
#include <cstdint>

namespace sixtops::cpu::engine {

[[gnu::always_inline]] inline float exponential(float x) {
  // Beyond these, e^x is infinite or zero in any rounding.
  x = x > 89.0F ? 89.0F : x;
  x = x < -104.0F ? -104.0F : x;
  // Adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits.
  constexpr float kRoundToInteger = 0x1.8p23F;
  const float shifted = x * 1.44269504F + kRoundToInteger;
  const int32_t n = std::bit_cast<int32_t>(shifted) - std::bit_cast<int32_t>(kRoundToInteger);
  const float whole = shifted - kRoundToInteger;
  const float r = (x - whole * 0.693359375F) - whole * -2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const int32_t half = n >> 1;
  const auto power = [](int32_t exponent) { return std::bit_cast<float>(static_cast<uint32_t>(exponent + 127) << 23); };
  return p * power(half) * power(n - half);
}

}  // namespace sixtops::cpu::engine
