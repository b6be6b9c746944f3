#include "vision/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace sixtops::vision {
namespace {

TEST(Assignment, TakesTheCheapestSumNotTheCheapestPair) {
  const std::vector<float> cost = {1, 2,  //
                                   2, 100};
  EXPECT_EQ(assign(cost, 2, 2, 1000), (std::vector<int>{1, 0}));
}

TEST(Assignment, LeavesDearPairsApart) {
  const std::vector<float> cost = {0.1F, 0.9F, 0.9F, 0.9F};
  EXPECT_EQ(assign(cost, 2, 2, 0.5F), (std::vector<int>{0, -1}));
  EXPECT_EQ(assign({}, 0, 3, 1), std::vector<int>{});
  EXPECT_EQ(assign({}, 2, 0, 1), (std::vector<int>{-1, -1}));
}

TEST(Assignment, AsGoodAsEveryPermutation) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (int round = 0; round < 200; ++round) {
    const int rows = 1 + static_cast<int>(random() % 5), columns = 1 + static_cast<int>(random() % 5);
    std::vector<float> cost(static_cast<size_t>(rows * columns));
    for (float& c : cost) c = uniform(random);
    const float limit = 0.7F;
    const auto price = [&](int row, int column) {
      return column < 0 || column >= columns ? limit
                                             : std::min(limit, cost[static_cast<size_t>(row * columns + column)]);
    };
    const std::vector<int> found = assign(cost, rows, columns, limit);
    float sum = 0;
    for (int r = 0; r < rows; ++r) sum += price(r, found[static_cast<size_t>(r)]);
    std::vector<int> order(static_cast<size_t>(rows + columns));  // columns beyond are nobody
    std::iota(order.begin(), order.end(), 0);
    float best = 1e9F;
    do {
      float of_order = 0;
      for (int r = 0; r < rows; ++r) of_order += price(r, order[static_cast<size_t>(r)]);
      best = std::min(best, of_order);
    } while (rows + columns <= 8 && std::next_permutation(order.begin(), order.end()));
    if (rows + columns <= 8) {
      EXPECT_NEAR(sum, best, 1e-5) << rows << "x" << columns;
    }
  }
}

}  // namespace
}  // namespace sixtops::vision
