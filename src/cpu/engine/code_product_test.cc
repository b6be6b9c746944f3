#include "cpu/engine/code_product.h"

#include <gtest/gtest.h>

#include <random>

#include "testing/random_tensor.h"

namespace sixtops::cpu::engine {
namespace {

std::vector<int8_t> random_codes(std::mt19937& random, int64_t count) {
  const auto values = testing::random_ints(random, static_cast<size_t>(count), -128, 127);
  return {values.begin(), values.end()};
}

void expect_product(int64_t rows, int64_t depth, int64_t columns) {
  std::mt19937 random(1);
  const std::vector<int8_t> a = random_codes(random, rows * depth);
  const std::vector<int8_t> b = random_codes(random, columns * depth);
  CodeProduct product;
  ASSERT_TRUE(product.set_b(depth, columns, b.data()).ok());
  const auto sums = product.multiply(rows, a.data());
  ASSERT_TRUE(sums.ok()) << sums.status().message();
  for (int64_t m = 0; m < rows; ++m) {
    for (int64_t n = 0; n < columns; ++n) {
      int32_t sum = 0;
      for (int64_t k = 0; k < depth; ++k) {
        sum += a[static_cast<size_t>(m * depth + k)] * b[static_cast<size_t>(n * depth + k)];
      }
      ASSERT_EQ((*sums)[static_cast<size_t>(m * columns + n)], sum) << m << "," << n;
    }
  }
}

TEST(CodeProduct, IsExactForEverySize) {
  for (const int64_t rows : {1, 3, 64, 70}) {
    for (const int64_t depth : {1, 6, 64, 100}) {
      for (const int64_t columns : {1, 16, 17, 64, 130}) expect_product(rows, depth, columns);
    }
  }
}

TEST(CodeProduct, DeepProductsComeInParts) { expect_product(2, 32768 + 37, 20); }

TEST(CodeProduct, TakesAnotherMatrix) {
  CodeProduct product;
  const std::vector<int8_t> codes(64, 2);
  ASSERT_TRUE(product.set_b(8, 4, codes.data()).ok());
  EXPECT_EQ((*product.multiply(2, codes.data()))[7], 32);
  ASSERT_TRUE(product.set_b(4, 3, codes.data()).ok());
  const auto sums = product.multiply(1, codes.data());
  EXPECT_EQ(sums->size(), 3U);
  EXPECT_EQ((*sums)[2], 16);
}

}  // namespace
}  // namespace sixtops::cpu::engine
