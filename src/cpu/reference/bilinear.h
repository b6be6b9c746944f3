// Sampling a plane between its elements.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace sixtops::cpu::reference {

// The four elements around a point and their weights; element kNone lies outside of the plane.
struct BilinearSample {
  static constexpr int64_t kNone = -1;
  std::array<int64_t, 4> element;  // top left, top right, bottom left, bottom right
  std::array<double, 4> weight;
};

// REQUIRES: y and x are finite and small enough for int64.
inline BilinearSample bilinear_sample(double y, double x, int64_t height, int64_t width) {
  const auto top = static_cast<int64_t>(std::floor(y));
  const auto left = static_cast<int64_t>(std::floor(x));
  const double down = y - static_cast<double>(top);
  const double right = x - static_cast<double>(left);
  const auto at = [&](int64_t row, int64_t column) {
    const bool inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? row * width + column : BilinearSample::kNone;
  };
  return {{at(top, left), at(top, left + 1), at(top + 1, left), at(top + 1, left + 1)},
          {(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right}};
}

}  // namespace sixtops::cpu::reference
