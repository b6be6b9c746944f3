#include "graph/quantize_tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace sixtops {
namespace {

using ::testing::ElementsAre;

TEST(QuantizeTensor, UnsignedCodesHaveTheirOwnZeroPoint) {
  const QuantParams quant{{1.0F / 128}, {128}, -1};
  const auto codes = quantize_tensor(Tensor::from_values<float>({3}, {-1, 0, 5}), DType::kU8, quant);
  ASSERT_TRUE(codes.ok());
  EXPECT_THAT(codes->values<uint8_t>(), ElementsAre(0, 128, 255));
  EXPECT_THAT(dequantize_tensor(*codes, quant)->values<float>(), ElementsAre(-1, 0, 127.0F / 128));
}

TEST(QuantizeTensor, DequantizesAlongAnAxis) {
  const Tensor codes = Tensor::from_values<int8_t>({1, 2, 2}, {1, 2, 3, 4});
  const auto real = dequantize_tensor(codes, QuantParams{{1, 10}, {0, 1}, 1});
  ASSERT_TRUE(real.ok());
  EXPECT_THAT(real->values<float>(), ElementsAre(1, 2, 20, 30));
}

TEST(QuantizeTensor, WritesIntoSpareMemoryThatNobodyElseHolds) {
  const Tensor codes = Tensor::from_values<int16_t>({3}, {-32768, 0, 32767});
  const QuantParams quant{{0.1F}, {7}, -1};
  Tensor first = *dequantize_tensor(codes, quant);
  EXPECT_THAT(first.values<float>(), ElementsAre(-32775 * 0.1F, -7 * 0.1F, 32760 * 0.1F));
  const float* const memory = first.values<float>().data();
  const Tensor second = *dequantize_tensor(codes, quant, std::move(first));
  EXPECT_EQ(second.values<float>().data(), memory);
  EXPECT_NE(dequantize_tensor(codes, quant, second)->values<float>().data(), memory);  // `second` holds it too
}

TEST(QuantizeTensor, WithoutParametersItCasts) {
  const Tensor tensor = Tensor::from_values<uint8_t>({2}, {0, 200});
  EXPECT_THAT(dequantize_tensor(tensor, std::nullopt)->values<float>(), ElementsAre(0, 200));
  EXPECT_THAT(quantize_tensor(tensor, DType::kI64, std::nullopt)->values<int64_t>(), ElementsAre(0, 200));
}

TEST(QuantizeTensor, NotANumberIsZero) {
  const Tensor tensor = Tensor::from_values<float>({1}, {std::numeric_limits<float>::quiet_NaN()});
  EXPECT_THAT(quantize_tensor(tensor, DType::kI8, QuantParams{{0.5F}, {-3}, -1})->values<int8_t>(), ElementsAre(-3));
}

TEST(QuantizeTensor, RefusesWhatNoRoundingIsSpecifiedFor) {
  const Tensor tensor = Tensor::from_values<float>({2}, {1, 2});
  EXPECT_FALSE(quantize_tensor(tensor, DType::kI16, QuantParams{{1}, {0}, -1}).ok());
  EXPECT_FALSE(quantize_tensor(tensor, DType::kI8, QuantParams{{1, 2}, {0, 0}, 0}).ok());
  const Tensor codes = Tensor::from_values<int8_t>({2}, {1, 2});
  EXPECT_FALSE(dequantize_tensor(codes, QuantParams{{1, 2}, {0, 0}, 1}).ok());
  EXPECT_FALSE(dequantize_tensor(codes, QuantParams{{1, 2, 3}, {0, 0, 0}, 0}).ok());
}

}  // namespace
}  // namespace sixtops
