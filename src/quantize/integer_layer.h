// From real scales to the integers of docs/arithmetic.md: multipliers C[c], shift s, biases, and the proof that the
// accumulator fits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sixtops::quantize {

struct Requantization {
  std::vector<int16_t> multiplier;  // one a channel, or one
  int shift = 0;
};

// M[c] = (real unit of the accumulator) / (output scale). The shift is the largest of 0..31 for which every
// C[c] = rne(M[c] · 2^(s + 12)) stays within 32767. Nothing when there is none: the layer has to stay float.
std::optional<Requantization> choose_requantization(std::span<const double> ratios);

// Multipliers keep 8 bits or more when no channel's unit is smaller than this share of the largest one: the largest C
// is at least 16384, so the smallest is at least 16384 / 64 = 256.
inline constexpr double kSmallestUnitShare = 1.0 / 64;

// The largest |accumulator| that one output channel can reach: Σ|w| · 128 + |bias|, plus |z| · 128 · taps for a weight
// offset.
int64_t accumulator_bound(std::span<const int8_t> weights, int64_t bias, int64_t weight_offset);

inline constexpr int64_t kLargestAccumulator = (int64_t{1} << 31) - 1;

}  // namespace sixtops::quantize
