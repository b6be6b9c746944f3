#include "cpu/engine/float/inverse_factor.h"

#include <gtest/gtest.h>

#include <random>

namespace sixtops::cpu::engine {
namespace {

TEST(InverseFactor, SquaresToTheInverse) {
  for (const int64_t n : {1, 2, 7, 40}) {
    std::mt19937 random(5);
    std::normal_distribution<double> distribution;
    const auto at = [n](int64_t r, int64_t c) { return static_cast<size_t>(r * n + c); };
    std::vector<double> x(static_cast<size_t>(n * n));
    for (double& value : x) value = distribution(random);
    std::vector<double> a(x.size(), 0.0);
    for (int64_t r = 0; r < n; ++r) {
      for (int64_t c = 0; c < n; ++c) {
        for (int64_t k = 0; k < n; ++k) a[at(r, c)] += x[at(k, r)] * x[at(k, c)];
        if (r == c) a[at(r, c)] += 0.5;
      }
    }
    std::vector<double> u = a;
    ASSERT_TRUE(inverse_factor(u, n));
    // UᵀU·A is the identity, and U is upper.
    for (int64_t r = 0; r < n; ++r) {
      for (int64_t c = 0; c < r; ++c) EXPECT_EQ(u[at(r, c)], 0);
      for (int64_t c = 0; c < n; ++c) {
        double sum = 0;
        for (int64_t k = 0; k < n; ++k) {
          for (int64_t m = 0; m <= std::min(r, k); ++m) sum += u[at(m, r)] * u[at(m, k)] * a[at(k, c)];
        }
        EXPECT_NEAR(sum, r == c ? 1 : 0, 1e-8);
      }
    }
  }
}

TEST(InverseFactor, RefusesAnIndefiniteMatrix) {
  std::vector<double> matrix = {1, 2, 2, 1};
  EXPECT_FALSE(inverse_factor(matrix, 2));
}

}  // namespace
}  // namespace sixtops::cpu::engine
