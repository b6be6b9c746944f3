#include "video/latency.h"

#include <gtest/gtest.h>

namespace sixtops::video {
namespace {

TEST(LatencyHistogram, PercentilesWithinFivePercent) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.percentile(0.5), 0);
  for (int i = 1; i <= 1000; ++i) histogram.add(i);
  EXPECT_NEAR(histogram.percentile(0.5), 500, 25);
  EXPECT_NEAR(histogram.percentile(0.99), 990, 50);
  EXPECT_EQ(histogram.count(), 1000);
  EXPECT_DOUBLE_EQ(histogram.sum_ms(), 500500);
}

TEST(LatencyHistogram, EndsHoldWhatLiesBeyond) {
  LatencyHistogram histogram;
  for (const double ms : {-1.0, 0.0, 1e12}) histogram.add(ms);
  EXPECT_LT(histogram.percentile(0.5), 0.02);
  EXPECT_GT(histogram.percentile(1), 100'000);
}

}  // namespace
}  // namespace sixtops::video
