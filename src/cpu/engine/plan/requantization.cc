#include "cpu/engine/plan/requantization.h"

#include <cmath>

#include "graph/requantize.h"

namespace sixtops::cpu::engine {

float requantization_scale(int64_t multiplier, int shift) {
  return std::ldexp(static_cast<float>(multiplier), -(shift + kRequantizeStage2Shift));
}

bool requantizes_in_float(double largest, float scale) {
  constexpr double kWholeFloats = 1 << 24;
  constexpr double kSaturates = 257;  // beyond this code every zero point saturates, by more than the rounding
  constexpr double kConverts = 1 << 20;
  const double magnitude = std::abs(static_cast<double>(scale));
  return largest * magnitude < kConverts && (largest <= kWholeFloats || kWholeFloats * magnitude >= kSaturates);
}

}  // namespace sixtops::cpu::engine
