#include "graph/requantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sixtops {
namespace {

TEST(Requantize, ShiftsRoundHalfToEven) {
  EXPECT_EQ(rounding_shift_right(5, 1), 2);
  EXPECT_EQ(rounding_shift_right(7, 1), 4);
  EXPECT_EQ(rounding_shift_right(-5, 1), -2);
  EXPECT_EQ(rounding_shift_right(-7, 1), -4);
  EXPECT_EQ(rounding_shift_right(-6, 2), -2);
  EXPECT_EQ(rounding_shift_right(9, 0), 9);
}

TEST(Requantize, AgreesWithExactDivision) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100000; ++i) {
    const auto value = static_cast<int64_t>(random()) >> (12 + i % 40);
    const int shift = i % 40;
    // Exact in long double: the value has at most 52 bits.
    EXPECT_EQ(rounding_shift_right(value, shift), std::nearbyint(std::ldexp(static_cast<long double>(value), -shift)));
  }
}

TEST(Requantize, SaturatesBothSteps) {
  EXPECT_EQ(requantize(1 << 12, 1, 0, 0), 1);
  EXPECT_EQ(requantize(1 << 11, 1, 0, 0), 0);  // a tie goes to even
  EXPECT_EQ(requantize(3 << 11, 1, 0, 0), 2);
  EXPECT_EQ(requantize(INT32_MAX, 32767, 0, 0), 127);
  EXPECT_EQ(requantize(INT32_MIN, 32767, 0, 0), -128);
  EXPECT_EQ(requantize(INT32_MIN, -32768, 31, 0), 8);
  EXPECT_EQ(requantize(0, 1, 0, -128), -128);
  EXPECT_EQ(requantize(100 << 12, 1, 0, 100), 127);
}

}  // namespace
}  // namespace sixtops
