#include "cpu/engine/float/product_kernel.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sixtops::cpu::engine {
namespace {

TEST(ProductKernel, EveryKernelOfThisMachineSums) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(-1, 1);
  const auto fill = [&](std::vector<float>& values) {
    for (float& value : values) value = uniform(random);
  };
  ASSERT_FALSE(product_kernels().empty());
  for (const ProductKernel& kernel : product_kernels()) {
    for (const int depth : {1, 2, 27, 64}) {
      for (int vectors = 1; vectors <= kMaxProductVectors; ++vectors) {
        SCOPED_TRACE(std::string(kernel.name) + " depth " + std::to_string(depth));
        const int columns = vectors * kernel.vector;
        constexpr int kFirst = 5;
        std::vector<float> input(1000);
        std::vector<float> weights(static_cast<size_t>(kProductRows * depth));
        fill(input);
        fill(weights);
        std::vector<int64_t> offsets(static_cast<size_t>(depth));
        for (int64_t& offset : offsets) offset = static_cast<int64_t>(random() % 900);
        std::vector<float> out(static_cast<size_t>(kProductRows * 64), -7.0F);
        ProductTask task;
        task.offsets = offsets.data();
        task.depth = depth;
        for (int r = 0; r < kProductRows; ++r) {
          task.weights[r] = weights.data() + r * depth;
          task.out[r] = out.data() + r * 64;
          task.bias[r] = uniform(random);
        }
        kernel.run(task, input.data(), kFirst, vectors);
        for (int r = 0; r < kProductRows; ++r) {
          for (int j = 0; j < 64; ++j) {
            double expected = -7;
            if (j >= kFirst && j < kFirst + columns) {
              expected = task.bias[r];
              for (int k = 0; k < depth; ++k) {
                const auto at = static_cast<size_t>(offsets[static_cast<size_t>(k)] + j);
                expected += static_cast<double>(task.weights[r][k]) * input[at];
              }
            }
            ASSERT_NEAR(out[static_cast<size_t>(r * 64 + j)], expected, 1e-5) << r << " " << j;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace sixtops::cpu::engine
