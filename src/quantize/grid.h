// A grid of 256 codes: real = (code - zero_point) · scale, code in -128..127, zero on the grid.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "graph/tensor.h"

namespace sixtops::quantize {

struct Grid {
  double scale = 1;
  int zero_point = 0;

  double lowest() const { return (-128 - zero_point) * scale; }
  double highest() const { return (127 - zero_point) * scale; }
  double real(int code) const { return (code - zero_point) * scale; }
  int code(double value) const {
    // Adding 1.5 · 2^52 rounds half to even without a call.
    constexpr double kRound = 0x1.8p52;
    constexpr double kFar = 65536;
    const double steps = (std::clamp(value / scale, -kFar, kFar) + kRound) - kRound;
    return static_cast<int>(std::clamp(steps + zero_point, -128.0, 127.0));
  }
  bool operator==(const Grid&) const = default;
};

// What sigmoid and softmax answer, 0..1, in 255 steps: the chip's tool chain pins the same, so scores compare.
inline constexpr Grid kUnitGrid = {1.0 / 255, -128};

// Smallest step that is told from zero; a tensor that is always zero gets it.
inline constexpr double kSmallestScale = 1e-12;

// The grid that covers [low, high] and zero.
inline Grid grid_of_range(double low, double high) {
  low = std::min(low, 0.0);
  high = std::max(high, 0.0);
  const double scale = std::max((high - low) / 255, kSmallestScale);
  return {scale, static_cast<int>(std::clamp(std::nearbyint(-128 - low / scale), -128.0, 127.0))};
}

inline QuantParams quant_params(const Grid& grid) { return {{static_cast<float>(grid.scale)}, {grid.zero_point}, -1}; }
inline Grid grid_of(const QuantParams& params) { return {params.scale.front(), params.zero_point.front()}; }

}  // namespace sixtops::quantize
