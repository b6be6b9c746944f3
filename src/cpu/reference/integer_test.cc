#include "cpu/reference/integer.h"

#include "cpu/reference/kernel_testing.h"
#include "graph/requantize.h"

namespace sixtops::cpu::reference {
namespace {

// 2^(s + t) / 16384 = 1: the accumulator itself is the answer.
constexpr int64_t kUnityShift = 2;
constexpr int64_t kUnity = 16384;

Result<Outputs> add(const Tensor& a, const Tensor& b, Ints weights, int64_t bias, Ints multiplier, int64_t shift) {
  const Node node = make_node(Op::kAdd, {a, b},
                              {{"operand_multiplier", std::move(weights)},
                               {"operand_bias", bias},
                               {"multiplier", std::move(multiplier)},
                               {"shift", shift},
                               {"output_zero_point", int64_t{-3}}});
  const std::vector<Tensor> inputs = {a, b};
  return integer_add({node, inputs});
}

TEST(Requantize, RoundsHalvesToEvenInBothSteps) {
  // t alone: 2^11 is half a unit.
  EXPECT_EQ(requantize(1 << 11, 1, 0, 0), 0);
  EXPECT_EQ(requantize(3 << 11, 1, 0, 0), 2);
  EXPECT_EQ(requantize(-(1 << 11), 1, 0, 0), 0);
  EXPECT_EQ(requantize(-(3 << 11), 1, 0, 0), -2);
  // s makes a tie that then decides the tie of t: 4097 / 2 = 2048.5 → 2048 → 0.5 → 0; 4099 / 2 → 2050 → 1.
  EXPECT_EQ(requantize(4097, 1, 1, 0), 0);
  EXPECT_EQ(requantize(4099, 1, 1, 0), 1);
}

TEST(Requantize, SaturatesTheFirstStepToInt32AndTheSecondToInt8) {
  EXPECT_EQ(requantize(INT32_MAX, 32767, 0, 0), 127);
  EXPECT_EQ(requantize(INT32_MIN, 32767, 0, 0), -128);
  // The zero point is added before the saturation: 200 - 100.
  EXPECT_EQ(requantize(200, 16384, 2, -100), 100);
  // int32 saturation of the first step shows: 2^31 - 1 → 524288, far beyond any zero point.
  EXPECT_EQ(requantize(INT32_MAX, 2, 0, -128), 127);
}

TEST(IntegerAdd, WeighsBroadcastsAndRounds) {
  const Tensor a = int8s({1, 2, 2}, {1, 2, 3, 4});
  const Tensor b = int8s({1, 2, 1}, {10, -10});
  EXPECT_OUTPUT(add(a, b, {2, -1}, 5, {kUnity}, kUnityShift),
                int8s({1, 2, 2}, {2 - 10 + 5 - 3, 4 - 10 + 5 - 3, 6 + 10 + 5 - 3, 8 + 10 + 5 - 3}));
}

TEST(IntegerAdd, TakesOneMultiplierAChannel) {
  const Tensor a = int8s({1, 2, 2}, {16, 20, 16, 20});
  const Tensor zero = int8s({}, {0});
  EXPECT_OUTPUT(add(a, zero, {1, 1}, 0, {kUnity, kUnity / 2}, kUnityShift), int8s({1, 2, 2}, {13, 17, 5, 7}));
  EXPECT_ERROR(add(a, zero, {1, 1}, 0, {1, 2, 3}, 0), StatusCode::kInvalidData, "multiplier has 3 entries");
}

TEST(IntegerAdd, RefusesWhatDoesNotFit) {
  const Tensor a = int8s({2}, {1, 1});
  EXPECT_ERROR(add(a, a, {1}, 0, {1}, 0), StatusCode::kInvalidData, "operand_multiplier has 1 entries");
  EXPECT_ERROR(add(a, a, {1, 1}, INT32_MAX, {1}, 0), StatusCode::kInvalidData, "does not fit 32 bits");
  EXPECT_ERROR(add(a, floats({2}, {1, 1}), {1, 1}, 0, {1}, 0), StatusCode::kInvalidData, "operand 1 is f32");
  EXPECT_ERROR(add(a, int8s({3}, {1, 1, 1}), {1, 1}, 0, {1}, 0), StatusCode::kInvalidData, "");
}

TEST(IntegerMultiply, SubtractsBothZeroPoints) {
  const Tensor a = int8s({1, 2, 1, 2}, {10, 20, 30, -40});
  const Tensor gate = int8s({1, 2, 1, 1}, {-120, 127});
  const Node node = make_node(Op::kMul, {a, gate},
                              {{"input_zero_points", Ints{5, -128}},
                               {"multiplier", Ints{kUnity}},
                               {"shift", kUnityShift + 8},
                               {"output_zero_point", int64_t{1}}});
  const std::vector<Tensor> inputs = {a, gate};
  // (5 · 8, 15 · 8, 25 · 255, -45 · 255) / 256 + 1
  EXPECT_OUTPUT(integer_multiply({node, inputs}), int8s({1, 2, 1, 2}, {1, 1, 26, -44}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
