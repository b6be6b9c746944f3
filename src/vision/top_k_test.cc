#include "vision/top_k.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sixtops::vision {
namespace {

TEST(TopK, OfProbabilitiesKeepsThem) {
  const std::vector<float> scores = {0.1F, 0.5F, 0.1F, 0.3F};
  const std::vector<ClassScore> best = top_k(scores, 3);
  ASSERT_EQ(best.size(), 3U);
  EXPECT_EQ(best[0].class_id, 1);
  EXPECT_FLOAT_EQ(best[0].probability, 0.5F);
  EXPECT_EQ(best[1].class_id, 3);
  EXPECT_EQ(best[2].class_id, 0);  // before class 2, which is equal
}

TEST(TopK, OfLogitsSumsUpToOne) {
  const std::vector<float> scores = {-3, 7, 2.5F};
  const std::vector<ClassScore> best = top_k(scores, 10);
  ASSERT_EQ(best.size(), 3U);
  EXPECT_EQ(best[0].class_id, 1);
  EXPECT_NEAR(best[0].probability + best[1].probability + best[2].probability, 1, 1e-6);
  EXPECT_NEAR(best[1].probability / best[0].probability, std::exp(-4.5), 1e-6);
}

TEST(TopK, OfNothing) {
  EXPECT_TRUE(top_k({}, 5).empty());
  EXPECT_TRUE(top_k(std::vector<float>{1, 2}, 0).empty());
  EXPECT_TRUE(top_k(std::vector<float>{1, 2}, -1).empty());
  EXPECT_EQ(top_k(std::vector<float>{std::nanf(""), 2}, 2).size(), 2U);
}

}  // namespace
}  // namespace sixtops::vision
