#include "quantize/lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sixtops::quantize {
namespace {

TEST(Lines, OfEveryLengthAsPlainLoops) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  for (size_t count = 1; count < 600; count += count < 40 ? 1 : 37) {
    std::vector<float> a(count);
    std::vector<float> b(count);
    for (float& value : a) value = normal(random);
    for (float& value : b) value = normal(random);
    double sum = 0, aa = 0, bb = 0, ab = 0, ee = 0;
    for (size_t i = 0; i < count; ++i) {
      const double x = a[i], y = b[i];
      sum += x;
      aa += x * x;
      bb += y * y;
      ab += x * y;
      ee += (x - y) * (x - y);
    }
    const LineProducts products = products_of(a, b);
    const double tolerance = 1e-6 * static_cast<double>(count);
    EXPECT_NEAR(sum_of(a), sum, 1e-10) << count;
    EXPECT_NEAR(products.reference_squared, aa, tolerance) << count;
    EXPECT_NEAR(products.actual_squared, bb, tolerance) << count;
    EXPECT_NEAR(products.product, ab, tolerance) << count;
    EXPECT_NEAR(products.error_squared, ee, 4 * tolerance) << count;
    const Extremes extremes = extremes_of(a);
    EXPECT_EQ(extremes.low, *std::min_element(a.begin(), a.end())) << count;
    EXPECT_EQ(extremes.high, *std::max_element(a.begin(), a.end())) << count;
  }
}

TEST(Lines, NothingIsZero) {
  EXPECT_EQ(sum_of({}), 0);
  EXPECT_EQ(extremes_of({}).high, 0);
  EXPECT_EQ(products_of({}, {}).error_squared, 0);
}

}  // namespace
}  // namespace sixtops::quantize
