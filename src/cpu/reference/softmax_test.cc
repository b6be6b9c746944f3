#include <cmath>

#include "cpu/reference/kernel_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

TEST(Softmax, SumsToOneAlongTheAxis) {
  const Tensor x = floats({2, 2}, {0, 1000, std::log(3.0F), 1000});
  EXPECT_OUTPUT_NEAR(run(Op::kSoftmax, {x}, {{"axis", int64_t{0}}}), floats({2, 2}, {0.25F, 0.5F, 0.75F, 0.5F}), 1e-6);
  EXPECT_OUTPUT_NEAR(run(Op::kSoftmax, {floats({1, 2}, {1000, 1000})}), floats({1, 2}, {0.5F, 0.5F}), 0);
}

TEST(Softmax, EqualsItsDefinitionOnRandomTensors) {
  std::mt19937 random(1);
  const Tensor x = sixtops::testing::random_floats(random, {3, 5, 2}, -4, 4);
  Tensor expected = Tensor::allocate(DType::kF32, x.shape()).value();
  Tensor expected_log = Tensor::allocate(DType::kF32, x.shape()).value();
  for (size_t i = 0; i < 30; ++i) {
    double sum = 0;
    for (size_t k = 0; k < 5; ++k) sum += std::exp(static_cast<double>(x.values<float>()[i / 10 * 10 + k * 2 + i % 2]));
    expected.mutable_values<float>()[i] = static_cast<float>(std::exp(static_cast<double>(x.values<float>()[i])) / sum);
    expected_log.mutable_values<float>()[i] = static_cast<float>(x.values<float>()[i] - std::log(sum));
  }
  EXPECT_OUTPUT_NEAR(run(Op::kSoftmax, {x}, {{"axis", int64_t{1}}}), expected, 1e-6);
  EXPECT_OUTPUT_NEAR(run(Op::kLogSoftmax, {x}, {{"axis", int64_t{-2}}}), expected_log, 1e-6);
}

TEST(Hardmax, MarksTheFirstLargest) {
  EXPECT_OUTPUT(run(Op::kHardmax, {floats({2, 3}, {1, 3, 3, -1, -2, -3})}), floats({2, 3}, {0, 1, 0, 1, 0, 0}));
}

TEST(Softmax, RefusesIntegersAndWrongAxes) {
  EXPECT_ERROR(run(Op::kSoftmax, {int32s({1}, {1})}), StatusCode::kInvalidData, "expected a float");
  EXPECT_ERROR(run(Op::kSoftmax, {floats({1}, {1})}, {{"axis", int64_t{1}}}), StatusCode::kInvalidData, "axis");
}

}  // namespace
}  // namespace sixtops::cpu::reference
