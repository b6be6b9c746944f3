#include "quantize/integer_layer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "graph/requantize.h"

namespace sixtops::quantize {

std::optional<Requantization> choose_requantization(std::span<const double> ratios) {
  constexpr int kLargestShift = 31;
  constexpr double kLargestMultiplier = 32767;
  const auto multiplier = [](double ratio, int shift) {
    return std::nearbyint(std::ldexp(ratio, shift + kRequantizeStage2Shift));
  };
  double largest = 0;
  for (const double ratio : ratios) {
    if (!std::isfinite(ratio) || ratio < 0) return std::nullopt;
    largest = std::max(largest, ratio);
  }
  int shift = kLargestShift;
  while (shift >= 0 && multiplier(largest, shift) > kLargestMultiplier) --shift;
  if (shift < 0) return std::nullopt;
  Requantization result{{}, shift};
  result.multiplier.reserve(ratios.size());
  for (const double ratio : ratios) result.multiplier.push_back(static_cast<int16_t>(multiplier(ratio, shift)));
  return result;
}

int64_t accumulator_bound(std::span<const int8_t> weights, int64_t bias, int64_t weight_offset) {
  constexpr int64_t kLargestCode = 128;
  int64_t sum = 0;
  for (const int8_t weight : weights) sum += std::abs(weight + weight_offset);
  return sum * kLargestCode + std::abs(bias);
}

}  // namespace sixtops::quantize
