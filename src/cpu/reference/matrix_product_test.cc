#include "cpu/reference/kernel_testing.h"
#include "graph/requantize.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

using sixtops::testing::random_integers;

const Tensor kRow = floats({2}, {1, 2});
const Tensor kMatrix = floats({2, 3}, {1, 2, 3, 4, 5, 6});

TEST(MatMul, TreatsVectorsAsRowsAndColumns) {
  EXPECT_OUTPUT(run(Op::kMatMul, {kRow, kMatrix}), floats({3}, {9, 12, 15}));
  EXPECT_OUTPUT(run(Op::kMatMul, {kMatrix, floats({3}, {1, 0, 2})}), floats({2}, {7, 16}));
  EXPECT_OUTPUT(run(Op::kMatMul, {kRow, kRow}), floats({}, {5}));
}

TEST(MatMul, BroadcastsBatches) {
  const Tensor a = floats({2, 1, 1, 2}, {1, 2, 3, 4});
  const Tensor b = floats({3, 2, 1}, {1, 1, 1, 0, 0, 1});
  EXPECT_OUTPUT(run(Op::kMatMul, {a, b}), floats({2, 3, 1, 1}, {3, 1, 2, 7, 3, 4}));
}

TEST(MatMul, AddsTheBiasOfTheLastAxis) {
  EXPECT_OUTPUT(run(Op::kMatMul, {floats({1, 2}, {1, 2}), kMatrix, floats({3}, {10, 20, 30})}),
                floats({1, 3}, {19, 32, 45}));
}

TEST(MatMul, WrapsIntegersAsTheirTypeDoes) {
  EXPECT_OUTPUT(run(Op::kMatMul, {int32s({1, 1}, {1 << 20}), int32s({1, 1}, {1 << 12})}), int32s({1, 1}, {0}));
  EXPECT_OUTPUT(run(Op::kMatMul, {int64s({1, 2}, {-3, 4}), int64s({2, 1}, {5, 6})}), int64s({1, 1}, {9}));
}

TEST(MatMul, RefusesInnerExtentsThatDiffer) {
  EXPECT_ERROR(run(Op::kMatMul, {kMatrix, kMatrix}), StatusCode::kInvalidData, "3 and 2 differ");
  EXPECT_ERROR(run(Op::kMatMul, {floats({}, {1}), kMatrix}), StatusCode::kInvalidData, "at least one axis");
}

TEST(MatMul, AnEmptyInnerExtentGivesZeros) {
  EXPECT_OUTPUT(run(Op::kMatMul, {floats({2, 0}, {}), floats({0, 1}, {})}), floats({2, 1}, {0, 0}));
}

TEST(MatMul, IntegerFormSumsCodesAndRequantizesAColumn) {
  std::mt19937 random(4);
  const Tensor a = random_integers(random, {2, 3, 5});
  const Tensor b = random_integers(random, {5, 4});
  const Tensor bias = random_integers<int32_t>(random, {4}, -5000, 5000);
  const Ints multiplier = {300, 9000, 20000, 32767};
  const Ints offset = {0, 3, -7, 127};
  Tensor expected = Tensor::allocate(DType::kI8, {2, 3, 4}).value();
  for (size_t i = 0; i < 24; ++i) {
    const size_t column = i % 4;
    int32_t sum = bias.values<int32_t>()[column];
    for (size_t k = 0; k < 5; ++k) {
      const int code = a.values<int8_t>()[i / 4 * 5 + k];
      sum += code * (b.values<int8_t>()[k * 4 + column] + static_cast<int>(offset[column]));
    }
    expected.mutable_values<int8_t>()[i] = requantize(sum, static_cast<int16_t>(multiplier[column]), 9, -4);
  }
  EXPECT_OUTPUT(run(Op::kMatMul, {a, b, bias},
                    {{"multiplier", multiplier},
                     {"weight_offset", offset},
                     {"shift", int64_t{9}},
                     {"output_zero_point", int64_t{-4}}}),
                expected);
}

TEST(Gemm, TransposesScalesAndBroadcasts) {
  const Tensor a = floats({2, 1}, {1, 2});
  const Tensor b = floats({3, 2}, {1, 4, 2, 5, 3, 6});
  EXPECT_OUTPUT(run(Op::kGemm, {a, b, floats({3}, {1, 1, 2})},
                    {{"transA", int64_t{1}}, {"transB", int64_t{1}}, {"alpha", 2.0F}, {"beta", 0.5F}}),
                floats({1, 3}, {18.5F, 24.5F, 31}));
  EXPECT_OUTPUT(run(Op::kGemm, {kMatrix, floats({3, 1}, {1, 1, 1}), floats({2, 1}, {10, 20})}),
                floats({2, 1}, {16, 35}));
}

TEST(Gemm, RefusesWhatDoesNotFit) {
  EXPECT_ERROR(run(Op::kGemm, {kMatrix, kMatrix}), StatusCode::kInvalidData, "3 and 2 differ");
  EXPECT_ERROR(run(Op::kGemm, {kMatrix, floats({3, 1}, {1, 1, 1}), floats({2, 2}, {1, 2, 3, 4})}),
               StatusCode::kInvalidData, "does not broadcast");
  EXPECT_ERROR(run(Op::kGemm, {kRow, kMatrix}), StatusCode::kInvalidData, "two matrices");
}

TEST(Gemm, IntegerFormReadsTransposedWeights) {
  const Tensor a = int8s({1, 2}, {10, -20});
  const Tensor b = int8s({2, 2}, {1, 2, 3, -4});
  const AttributeList attributes = {
      {"transB", int64_t{1}}, {"multiplier", Ints{16384}}, {"shift", int64_t{2}}, {"weight_offset", Ints{0, 1}}};
  EXPECT_OUTPUT(run(Op::kGemm, {a, b, int32s({2}, {5, 6})}, attributes), int8s({1, 2}, {-25, 106}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
