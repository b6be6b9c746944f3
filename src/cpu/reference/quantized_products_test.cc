#include <cmath>

#include "cpu/reference/kernel_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

using sixtops::testing::random_integers;

Tensor bytes(Shape shape, const std::vector<uint8_t>& values) { return tensor(std::move(shape), values); }

TEST(ConvInteger, PadsWithTheZeroPoint) {
  const Tensor x = bytes({1, 1, 3}, {2, 3, 4});
  const Tensor w = bytes({2, 1, 2}, {1, 1, 5, 6});
  EXPECT_OUTPUT(run(Op::kConvInteger, {x, w, bytes({}, {1})}, {{"pads", Ints{1, 0}}}),
                int32s({1, 2, 3}, {1, 3, 5, 6, 17, 28}));
  EXPECT_OUTPUT(run(Op::kConvInteger, {x, w, bytes({}, {1}), bytes({2}, {0, 4})}, {{"pads", Ints{1, 0}}}),
                int32s({1, 2, 3}, {1, 3, 5, 2, 5, 8}));
}

TEST(QLinearConv, ScalesEveryChannel) {
  const Tensor x = bytes({1, 1, 2}, {10, 20});
  const Tensor w = int8s({2, 1, 1}, {2, -3});
  EXPECT_OUTPUT(run(Op::kQLinearConv, {x, floats({}, {0.5F}), bytes({}, {0}), w, floats({2}, {1, 2}),
                                       int8s({2}, {0, 0}), floats({}, {4}), bytes({}, {100}), int32s({2}, {4, 0})}),
                // (20 + 4) / 8, (40 + 4) / 8 = 5.5 → 6; -30 / 4 = -7.5 → -8, -60 / 4
                bytes({1, 2, 2}, {103, 106, 92, 85}));
}

TEST(MatMulInteger, HasZeroPointsForRowsAndColumns) {
  std::mt19937 random(1);
  const Tensor a = random_integers<uint8_t>(random, {3, 4}, 0, 255);
  const Tensor b = random_integers<int8_t>(random, {4, 2});
  const std::vector<uint8_t> a_zero = {7, 200, 0};
  const std::vector<int8_t> b_zero = {-5, 100};
  Tensor expected = Tensor::allocate(DType::kI32, {3, 2}).value();
  for (size_t i = 0; i < 6; ++i) {
    for (size_t k = 0; k < 4; ++k) {
      expected.mutable_values<int32_t>()[i] +=
          (a.values<uint8_t>()[i / 2 * 4 + k] - a_zero[i / 2]) * (b.values<int8_t>()[k * 2 + i % 2] - b_zero[i % 2]);
    }
  }
  EXPECT_OUTPUT(run(Op::kMatMulInteger, {a, b, tensor({3}, a_zero), tensor({2}, b_zero)}), expected);
  EXPECT_OUTPUT(run(Op::kMatMulInteger, {a, b, tensor({3, 1}, a_zero), tensor({1, 2}, b_zero)}), expected);
  EXPECT_ERROR(run(Op::kMatMulInteger, {a, b, bytes({2}, {1, 2})}), StatusCode::kInvalidData, "");
}

TEST(QLinearMatMul, RoundsAndSaturates) {
  const Tensor a = bytes({2, 2}, {1, 2, 3, 255});
  const Tensor b = bytes({2, 1}, {1, 3});
  const Tensor one = floats({}, {1});
  const Tensor zero = bytes({}, {0});
  EXPECT_OUTPUT(run(Op::kQLinearMatMul, {a, one, zero, b, one, zero, floats({}, {2}), bytes({}, {1})}),
                bytes({2, 1}, {5, 255}));  // 7 / 2 = 3.5 → 4; 768 / 2
  EXPECT_OUTPUT(run(Op::kQLinearMatMul, {a, floats({2}, {1, 0.01F}), zero, b, one, zero, one, zero}),
                bytes({2, 1}, {7, 8}));
  EXPECT_ERROR(run(Op::kQLinearMatMul, {a, floats({3}, {1, 1, 1}), zero, b, one, zero, one, zero}),
               StatusCode::kInvalidData, "operand 1 has 3");
}

}  // namespace
}  // namespace sixtops::cpu::reference
