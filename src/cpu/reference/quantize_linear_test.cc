#include <cmath>
#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

TEST(QuantizeLinear, RoundsHalvesToEvenThenSaturates) {
  const Tensor x = floats({6}, {0.5F, 1.5F, -0.5F, -1.5F, 1e9F, -1e9F});
  const AttributeList attributes = {{"scale", Floats{1}}, {"zero_point", Ints{10}}, {"to", std::string("i8")}};
  EXPECT_OUTPUT(run(Op::kQuantizeLinear, {x}, attributes), int8s({6}, {10, 12, 10, 8, 127, -128}));
}

TEST(QuantizeLinear, TakesParametersFromOperandsOfEveryCodeType) {
  const Tensor x = floats({4}, {-1, 0, 300, 70000});
  const Tensor scale = floats({}, {1});
  EXPECT_OUTPUT(run(Op::kQuantizeLinear, {x, scale}), tensor<uint8_t>({4}, {0, 0, 255, 255}));
  EXPECT_OUTPUT(run(Op::kQuantizeLinear, {x, scale, tensor<uint16_t>({}, {1})}),
                tensor<uint16_t>({4}, {0, 1, 301, 65535}));
  EXPECT_OUTPUT(run(Op::kQuantizeLinear, {x, scale, tensor<int16_t>({}, {-1})}),
                tensor<int16_t>({4}, {-2, -1, 299, 32767}));
}

TEST(QuantizeLinear, HasOneScaleAnIndexOfTheAxis) {
  const Tensor x = floats({2, 2, 1}, {1, 1, 2, 2});
  const AttributeList attributes = {{"scale", Floats{1, 0.5F}}, {"zero_point", Ints{0, 5}}, {"to", std::string("i8")}};
  EXPECT_OUTPUT(run(Op::kQuantizeLinear, {x}, attributes), int8s({2, 2, 1}, {1, 7, 2, 9}));
  EXPECT_ERROR(run(Op::kQuantizeLinear, {floats({1, 3}, {1, 2, 3})}, attributes), StatusCode::kInvalidData,
               "2 scales for an axis of 3");
}

TEST(QuantizeLinear, DividesInSinglePrecision) {
  // The double quotient lies below the half and would round to 3; the float quotient is the half, and goes to even.
  const float scale = 0.1F;
  const float x = 0.35F;
  ASSERT_EQ(x / scale, 3.5F);
  ASSERT_LT(static_cast<double>(x) / static_cast<double>(scale), 3.5);
  EXPECT_OUTPUT(run(Op::kQuantizeLinear, {floats({1}, {x})}, {{"scale", Floats{scale}}, {"to", std::string("i8")}}),
                int8s({1}, {4}));
}

TEST(QuantizeLinear, MapsNanToTheZeroPoint) {
  const Tensor x = floats({2}, {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()});
  EXPECT_OUTPUT(
      run(Op::kQuantizeLinear, {x}, {{"scale", Floats{1}}, {"zero_point", Ints{3}}, {"to", std::string("i8")}}),
      int8s({2}, {3, -128}));
}

TEST(QuantizeLinear, NeedsAScale) {
  EXPECT_ERROR(run(Op::kQuantizeLinear, {floats({1}, {1})}), StatusCode::kInvalidData, "scale");
  EXPECT_ERROR(run(Op::kQuantizeLinear, {floats({1}, {1})}, {{"scale", Floats{1}}, {"to", std::string("f32")}}),
               StatusCode::kUnsupported, "f32");
}

TEST(DequantizeLinear, SubtractsTheZeroPoint) {
  EXPECT_OUTPUT(
      run(Op::kDequantizeLinear, {int8s({3}, {-128, 0, 127})}, {{"scale", Floats{0.5F}}, {"zero_point", Ints{-128}}}),
      floats({3}, {0, 64, 127.5F}));
  EXPECT_OUTPUT(
      run(Op::kDequantizeLinear, {tensor<uint8_t>({2, 1}, {5, 6}), floats({2}, {1, 2}), tensor<uint8_t>({2}, {1, 2})},
          {{"axis", int64_t{0}}}),
      floats({2, 1}, {4, 8}));
  EXPECT_OUTPUT(run(Op::kDequantizeLinear, {int32s({1}, {1000000}), floats({}, {0.001F})}),
                floats({1}, {1000000 * 0.001F}));
}

TEST(DynamicQuantizeLinear, CoversZeroAndTheRange) {
  const Result<Outputs> outputs = run(Op::kDynamicQuantizeLinear, {floats({3}, {0, -51, 204})}, {}, 3);
  ASSERT_TRUE(outputs.ok());
  expect_equal((*outputs)[0], tensor<uint8_t>({3}, {51, 0, 255}));
  expect_equal((*outputs)[1], floats({}, {1}));
  expect_equal((*outputs)[2], tensor<uint8_t>({}, {51}));
  const Result<Outputs> zeros = run(Op::kDynamicQuantizeLinear, {floats({2}, {0, 0})}, {}, 3);
  ASSERT_TRUE(zeros.ok());
  expect_equal((*zeros)[0], tensor<uint8_t>({2}, {0, 0}));
}

TEST(Table, MapsCodes) {
  Ints table(256);
  for (size_t i = 0; i < 256; ++i) table[i] = 127 - static_cast<int64_t>(i);
  EXPECT_OUTPUT(run(Op::kTable, {int8s({3}, {-128, 0, 127})}, {{"table", table}}), int8s({3}, {127, -1, -128}));
  EXPECT_ERROR(run(Op::kTable, {int8s({1}, {0})}, {{"table", Ints{1}}}), StatusCode::kInvalidData, "1 entries");
  EXPECT_ERROR(run(Op::kTable, {floats({1}, {0})}, {{"table", table}}), StatusCode::kInvalidData, "f32");
}

TEST(Custom, SaysThatNobodyRegisteredIt) {
  EXPECT_ERROR(run(Op::kCustom, {floats({1}, {0})}, {{"type", std::string("cstSoftmax")}}), StatusCode::kUnsupported,
               "cstSoftmax");
}

}  // namespace
}  // namespace sixtops::cpu::reference
