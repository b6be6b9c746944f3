#include "quantize/figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace sixtops::quantize {
namespace {

TEST(ErrorSums, PoolsOverAllThatWasAdded) {
  ErrorSums meter;
  meter.add(std::vector<float>{3, 4}, std::vector<float>{3, 3});
  meter.add(std::vector<float>{0}, std::vector<float>{1});
  EXPECT_NEAR(meter.sqnr_db(), 10 * std::log10(25.0 / 2), 1e-12);
  EXPECT_NEAR(meter.cosine(), 21 / std::sqrt(25.0 * 19), 1e-12);
  ErrorSums other;
  other.add(std::vector<float>{5}, std::vector<float>{5});
  other.add(meter);
  EXPECT_NEAR(other.sqnr_db(), 10 * std::log10(50.0 / 2), 1e-12);
}

TEST(ErrorSums, EqualTensorsHaveNoNoise) {
  ErrorSums meter;
  EXPECT_EQ(meter.cosine(), 1);
  meter.add(std::vector<float>{1, -2}, std::vector<float>{1, -2});
  EXPECT_EQ(meter.sqnr_db(), 200);  // a number, so that JSON can hold it
  EXPECT_NEAR(meter.cosine(), 1, 1e-12);
}

}  // namespace
}  // namespace sixtops::quantize
