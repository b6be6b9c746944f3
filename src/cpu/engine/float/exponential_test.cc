#include "cpu/engine/float/exponential.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace sixtops::cpu::engine {
namespace {

// Distance to the exact value in units of the float's last place.
double ulps(float actual, double exact) {
  const auto nearest = static_cast<float>(exact);
  const float next = std::nextafter(nearest, std::numeric_limits<float>::infinity());
  return std::abs(static_cast<double>(actual) - exact) / (static_cast<double>(next) - static_cast<double>(nearest));
}

TEST(Exponential, StaysWithinTwoUlp) {
  double worst = 0;
  for (float x = -87.0F; x < 88.7F; x += 3.1e-4F)
    worst = std::max(worst, ulps(exponential(x), std::exp(static_cast<double>(x))));
  EXPECT_LE(worst, 2.0);
  EXPECT_GT(worst, 0.5);  // a polynomial is not correctly rounded: zero would mean that nothing was measured
}

TEST(Exponential, IsExactAtZeroAndSaneAtTheEnds) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(exponential(0.0F), 1.0F);
  EXPECT_EQ(exponential(-0.0F), 1.0F);
  EXPECT_EQ(exponential(kInfinity), kInfinity);
  EXPECT_EQ(exponential(88.8F), kInfinity);
  EXPECT_EQ(exponential(-kInfinity), 0.0F);
  EXPECT_EQ(exponential(-200.0F), 0.0F);
  EXPECT_TRUE(std::isnan(exponential(std::numeric_limits<float>::quiet_NaN())));
}

TEST(Exponential, ReachesSubnormals) {
  for (float x = -103.0F; x < -87.5F; x += 0.01F) {
    EXPECT_NEAR(exponential(x), std::exp(static_cast<double>(x)),
                2.0 * static_cast<double>(std::numeric_limits<float>::denorm_min()))
        << x;
  }
}

}  // namespace
}  // namespace sixtops::cpu::engine
