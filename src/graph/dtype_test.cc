#include "graph/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sixtops {
namespace {

TEST(DType, NamesAndSizes) {
  for (int i = 0; i < kDTypeCount; ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(parse_dtype(dtype_name(dtype)), dtype);
    visit_dtype(dtype, [&]<typename T>(T) {
      EXPECT_EQ(dtype_of<T>, dtype);
      EXPECT_EQ(sizeof(T), dtype_size(dtype));
    });
  }
  EXPECT_FALSE(parse_dtype("float"));
  EXPECT_TRUE(is_float(DType::kBF16));
  EXPECT_FALSE(is_float(DType::kI8));
  EXPECT_FALSE(is_signed_integer(DType::kU8));
}

TEST(Half, EveryHalfComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    Half half;
    half.bits = static_cast<uint16_t>(bits);
    const auto value = static_cast<float>(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(static_cast<float>(Half(value))));
    } else {
      EXPECT_EQ(Half(value).bits, bits);
    }
  }
}

TEST(Half, RoundsHalfToEven) {
  const auto round = [](float value) { return static_cast<float>(Half(value)); };
  EXPECT_EQ(round(2049), 2048);  // a tie
  EXPECT_EQ(round(2051), 2052);
  EXPECT_EQ(round(2049.001F), 2050);
  EXPECT_EQ(round(65519.99F), 65504);
  EXPECT_EQ(round(65520), std::numeric_limits<float>::infinity());
  EXPECT_EQ(round(-1e10F), -std::numeric_limits<float>::infinity());
  EXPECT_EQ(round(0x1p-25F), 0);  // half of the smallest subnormal
  EXPECT_EQ(round(0x1.8p-24F), 0x1p-23F);
  EXPECT_EQ(std::bit_cast<uint32_t>(round(-0.0F)), 0x80000000);
}

TEST(BFloat16, RoundsHalfToEven) {
  EXPECT_EQ(static_cast<float>(BFloat16(257.0F)), 256);
  EXPECT_EQ(static_cast<float>(BFloat16(259.0F)), 260);
  EXPECT_EQ(static_cast<float>(BFloat16(3.4e38F)), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(static_cast<float>(BFloat16(std::numeric_limits<float>::quiet_NaN()))));
}

}  // namespace
}  // namespace sixtops
