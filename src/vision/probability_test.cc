#include "vision/probability.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sixtops::vision {
namespace {

TEST(Probability, SigmoidAndLogitAreInverse) {
  for (const float p : {0.001F, 0.25F, 0.5F, 0.9F}) EXPECT_NEAR(sigmoid(logit(p)), p, 1e-6);
  EXPECT_EQ(sigmoid(-200), 0);
  EXPECT_EQ(sigmoid(200), 1);
  EXPECT_EQ(logit(0), -INFINITY);
  EXPECT_EQ(logit(1), INFINITY);
}

TEST(Probability, SoftmaxOfLargeLogits) {
  std::vector<float> values = {1000, 1000 + std::log(3.0F), -1000};
  softmax(values);
  EXPECT_NEAR(values[0], 0.25, 1e-5);
  EXPECT_NEAR(values[1], 0.75, 1e-5);
  EXPECT_EQ(values[2], 0);
}

TEST(Probability, IsToldFromLogits) {
  EXPECT_TRUE(are_probabilities(std::vector<float>{0, 0.5F, 1}));
  EXPECT_FALSE(are_probabilities(std::vector<float>{0.1F, -3}));
  EXPECT_FALSE(are_probabilities(std::vector<float>{0.1F, 1.5F}));
  EXPECT_FALSE(are_probabilities(std::vector<float>{std::nanf("")}));
}

}  // namespace
}  // namespace sixtops::vision
