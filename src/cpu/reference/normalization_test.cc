#include <cmath>

#include "cpu/reference/kernel_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

using sixtops::testing::random_floats;

constexpr float kEpsilon = 1e-3F;

// (x[i] - mean) / sqrt(variance + epsilon) of the elements whose `key` equals that of i.
template <typename Key>
Tensor standardized(const Tensor& x, const Key& key) {
  const auto values = x.values<float>();
  Tensor result = Tensor::allocate(DType::kF32, x.shape()).value();
  for (size_t i = 0; i < values.size(); ++i) {
    double sum = 0;
    double squares = 0;
    double count = 0;
    for (size_t k = 0; k < values.size(); ++k) {
      if (key(k) != key(i)) continue;
      sum += values[k];
      squares += static_cast<double>(values[k]) * values[k];
      ++count;
    }
    const double variance = squares / count - sum / count * (sum / count);
    result.mutable_values<float>()[i] =
        static_cast<float>((values[i] - sum / count) / std::sqrt(variance + static_cast<double>(kEpsilon)));
  }
  return result;
}

// y · scale[key(i)] + bias[key(i)]
template <typename Key>
Tensor affine(const Tensor& x, const Tensor& scale, const Tensor& bias, const Key& key) {
  Tensor result = Tensor::allocate(DType::kF32, x.shape()).value();
  for (size_t i = 0; i < x.values<float>().size(); ++i) {
    result.mutable_values<float>()[i] =
        x.values<float>()[i] * scale.values<float>()[key(i)] + bias.values<float>()[key(i)];
  }
  return result;
}

TEST(BatchNormalization, UsesTheStoredMoments) {
  const Tensor x = floats({1, 2, 2}, {1, 2, 3, 4});
  EXPECT_OUTPUT_NEAR(run(Op::kBatchNormalization,
                         {x, floats({2}, {2, 1}), floats({2}, {0, 10}), floats({2}, {1, 3}), floats({2}, {4, 0.25F})},
                         {{"epsilon", 0.0F}}),
                     floats({1, 2, 2}, {0, 1, 10, 12}), 1e-6);
  EXPECT_ERROR(run(Op::kBatchNormalization,
                   {x, floats({1}, {2}), floats({2}, {0, 0}), floats({2}, {0, 0}), floats({2}, {1, 1})}),
               StatusCode::kInvalidData, "operand 1 has 1 elements");
}

TEST(GroupNormalization, EqualsItsDefinition) {
  std::mt19937 random(1);
  const Tensor x = random_floats(random, {2, 6, 3, 2}, -3, 5);
  const Tensor scale = random_floats(random, {6});
  const Tensor bias = random_floats(random, {6});
  const auto channel = [](size_t i) { return i / 6 % 6; };
  const Tensor groups = standardized(x, [](size_t i) { return i / 12; });
  EXPECT_OUTPUT_NEAR(
      run(Op::kGroupNormalization, {x, scale, bias}, {{"epsilon", kEpsilon}, {"num_groups", int64_t{3}}}),
      affine(groups, scale, bias, channel), 1e-5);
  const Tensor instances = standardized(x, [](size_t i) { return i / 6; });
  EXPECT_OUTPUT_NEAR(run(Op::kInstanceNormalization, {x, scale, bias}, {{"epsilon", kEpsilon}}),
                     affine(instances, scale, bias, channel), 1e-5);
  EXPECT_ERROR(run(Op::kGroupNormalization, {x, scale, bias}, {{"num_groups", int64_t{4}}}), StatusCode::kInvalidData,
               "6 channels do not divide into 4 groups");
}

TEST(LayerNormalization, GivesTheMomentsToo) {
  std::mt19937 random(2);
  const Tensor x = random_floats(random, {2, 3, 4}, -3, 5);
  const Tensor scale = random_floats(random, {4});
  const Tensor bias = random_floats(random, {4});
  const Result<Outputs> outputs = run(Op::kLayerNormalization, {x, scale, bias}, {{"epsilon", kEpsilon}}, 3);
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  ASSERT_EQ(outputs->size(), 3u);
  const Tensor lines = standardized(x, [](size_t i) { return i / 4; });
  expect_equal((*outputs)[0], affine(lines, scale, bias, [](size_t i) { return i % 4; }), 1e-5);
  EXPECT_EQ((*outputs)[1].shape(), (Shape{2, 3, 1}));
  const auto first = x.values<float>().first(4);
  const float mean = (first[0] + first[1] + first[2] + first[3]) / 4;
  EXPECT_NEAR((*outputs)[1].values<float>()[0], mean, 1e-5);
  EXPECT_NEAR(((*outputs)[2].values<float>()[0]) * (first[0] - mean), lines.values<float>()[0], 1e-5);
}

TEST(LayerNormalization, NormalizesOverAllAxesFromTheGivenOne) {
  std::mt19937 random(3);
  const Tensor x = random_floats(random, {2, 3, 4});
  const Tensor ones = floats({3, 4}, std::vector<float>(12, 1));
  EXPECT_OUTPUT_NEAR(run(Op::kLayerNormalization, {x, ones}, {{"epsilon", kEpsilon}, {"axis", int64_t{1}}}),
                     standardized(x, [](size_t i) { return i / 12; }), 1e-5);
  EXPECT_ERROR(run(Op::kLayerNormalization, {x, floats({3}, {1, 1, 1})}), StatusCode::kInvalidData, "");
}

TEST(RMSNormalization, DividesByTheRootMeanSquare) {
  EXPECT_OUTPUT_NEAR(
      run(Op::kRMSNormalization, {floats({2, 2}, {1, 7, 3, 4}), floats({2}, {1, 2})}, {{"epsilon", 0.0F}}),
      floats({2, 2}, {0.2F, 2.8F, 3 / std::sqrt(12.5F), 8 / std::sqrt(12.5F)}), 1e-6);
}

TEST(LpNormalization, KeepsLinesOfZeros) {
  const Tensor x = floats({2, 2}, {3, 0, -4, 0});
  EXPECT_OUTPUT_NEAR(run(Op::kLpNormalization, {x}, {{"axis", int64_t{0}}}), floats({2, 2}, {0.6F, 0, -0.8F, 0}), 1e-6);
  EXPECT_OUTPUT_NEAR(run(Op::kLpNormalization, {x}, {{"axis", int64_t{0}}, {"p", int64_t{1}}}),
                     floats({2, 2}, {3 / 7.0F, 0, -4 / 7.0F, 0}), 1e-6);
}

TEST(LRN, SumsSquaresOfNeighbouringChannels) {
  const Tensor x = floats({1, 4, 1}, {1, 2, 3, 4});
  const AttributeList attributes = {{"size", int64_t{2}}, {"alpha", 2.0F}, {"beta", 1.0F}, {"bias", 1.0F}};
  EXPECT_OUTPUT_NEAR(run(Op::kLRN, {x}, attributes), floats({1, 4, 1}, {1 / 6.0F, 2 / 14.0F, 3 / 26.0F, 4 / 17.0F}),
                     1e-6);
}

TEST(MeanVarianceNormalization, WorksOverAnyAxes) {
  std::mt19937 random(4);
  const Tensor x = random_floats(random, {2, 3, 4, 2});
  const Result<Outputs> outputs = run(Op::kMeanVarianceNormalization, {x});
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  // Nothing is added to the variance, so take the difference out again.
  const Tensor expected = standardized(x, [](size_t i) { return i / 8 % 3; });
  const float factor = outputs->front().values<float>()[0] / expected.values<float>()[0];
  for (size_t i = 0; i < 48; i += 24) {
    EXPECT_NEAR(outputs->front().values<float>()[i], expected.values<float>()[i] * factor, 1e-5);
  }
  EXPECT_OUTPUT(run(Op::kMeanVarianceNormalization, {floats({2, 2}, {5, 5, 5, 5})}, {{"axes", Ints{1}}}),
                floats({2, 2}, {0, 0, 0, 0}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
