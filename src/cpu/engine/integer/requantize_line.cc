#include "cpu/engine/integer/requantize_line.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cpu/engine/vector_clones.h"
#include "graph/requantize.h"

namespace sixtops::cpu::engine {
namespace {

constexpr double kRoundToInteger = 0x1.8p52;
constexpr double kStage2 = 1.0 / (1 << kRequantizeStage2Shift);

[[gnu::always_inline]] inline int8_t requantized(int32_t accumulator, double scale, double zero_point) {
  double value = accumulator * scale;
  value = (value + kRoundToInteger) - kRoundToInteger;
  value = std::min(std::max(value, static_cast<double>(std::numeric_limits<int32_t>::min())),
                   static_cast<double>(std::numeric_limits<int32_t>::max()));
  value = (value * kStage2 + kRoundToInteger) - kRoundToInteger + zero_point;
  return static_cast<int8_t>(static_cast<int32_t>(std::min(std::max(value, -128.0), 127.0)));
}

}  // namespace

double requantize_scale(int16_t multiplier, int shift) { return std::ldexp(multiplier, -shift); }

SIXTOPS_VECTOR_CLONES
void requantize_line(const int32_t* accumulators, int64_t count, double scale, int zero_point, int8_t* codes) {
  const double zero = zero_point;
  for (int64_t i = 0; i < count; ++i) codes[i] = requantized(accumulators[i], scale, zero);
}

SIXTOPS_VECTOR_CLONES
void requantize_line(const int32_t* accumulators, int64_t count, const double* scales, int zero_point, int8_t* codes) {
  const double zero = zero_point;
  for (int64_t i = 0; i < count; ++i) codes[i] = requantized(accumulators[i], scales[i], zero);
}

}  // namespace sixtops::cpu::engine
