#include "quantize/integer_layer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graph/requantize.h"

namespace sixtops::quantize {
namespace {

TEST(ChooseRequantization, TakesTheLargestShiftThatFitsAllChannels) {
  for (const double largest : {1e-6, 0.0004, 0.003, 0.9, 7.99}) {
    const std::vector<double> ratios = {largest / 40, largest, largest / 3};
    const auto result = choose_requantization(ratios);
    ASSERT_TRUE(result.has_value()) << largest;
    for (size_t c = 0; c < ratios.size(); ++c) {
      const double exact = std::ldexp(ratios[c], result->shift + kRequantizeStage2Shift);
      EXPECT_NEAR(result->multiplier[c], exact, 0.5);
    }
    const bool next_fits = std::nearbyint(std::ldexp(largest, result->shift + 1 + kRequantizeStage2Shift)) <= 32767;
    EXPECT_TRUE(result->shift == 31 || !next_fits) << largest;
  }
}

TEST(ChooseRequantization, RefusesWhatNoShiftCanHold) {
  EXPECT_FALSE(choose_requantization(std::vector<double>{8.0}).has_value());  // 8 · 2^12 = 32768
  EXPECT_TRUE(choose_requantization(std::vector<double>{7.999}).has_value());
  EXPECT_FALSE(choose_requantization(std::vector<double>{0.1, std::nan("")}).has_value());
}

TEST(ChooseRequantization, UnitsAboveTheSmallestShareKeepEightBits) {
  for (double largest = 1e-4; largest < 1; largest *= 1.07) {
    const auto result = choose_requantization(std::vector<double>{largest, largest * kSmallestUnitShare});
    ASSERT_TRUE(result.has_value());
    EXPECT_GE(result->multiplier[1], 255) << largest;  // 16384 / 64, less the rounding of the largest
  }
}

TEST(AccumulatorBound, CountsEveryWeightAtTheLargestCode) {
  const std::vector<int8_t> weights = {127, -127, 1, 0};
  EXPECT_EQ(accumulator_bound(weights, -1000, 0), (127 + 127 + 1) * 128 + 1000);
  EXPECT_EQ(accumulator_bound(weights, 0, -3), (124 + 130 + 2 + 3) * 128);
}

}  // namespace
}  // namespace sixtops::quantize
