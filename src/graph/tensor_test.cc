#include "graph/tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sixtops {
namespace {

TEST(Tensor, ViewsBytesAtAnyOffset) {
  std::vector<std::byte> bytes(9);
  bytes[1] = std::byte{7};
  const SharedBytes shared = SharedBytes::own(std::move(bytes));
  const Result<Tensor> tensor = Tensor::from_bytes(DType::kI32, {2}, shared.slice(1, 8));
  ASSERT_TRUE(tensor.ok());
  EXPECT_EQ(tensor->values<int32_t>()[0], 7);
  EXPECT_FALSE(Tensor::from_bytes(DType::kI32, {2}, shared).ok());
  EXPECT_FALSE(Tensor::from_bytes(DType::kU8, {int64_t{1} << 40, int64_t{1} << 40}, shared).ok());
}

TEST(Tensor, RefusesBoolsThatAreNone) {
  const auto bytes = [](int value) { return SharedBytes::own({static_cast<std::byte>(value)}); };
  EXPECT_TRUE(Tensor::from_bytes(DType::kBool, {1}, bytes(1)).ok());
  EXPECT_FALSE(Tensor::from_bytes(DType::kBool, {1}, bytes(2)).ok());
}

TEST(Tensor, AllocatesZeros) {
  Result<Tensor> tensor = Tensor::allocate(DType::kF64, {3, 5});
  ASSERT_TRUE(tensor.ok());
  for (const double value : tensor->values<double>()) EXPECT_EQ(value, 0);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor->bytes().data()) % kBufferAlignment, 0U);
  EXPECT_FALSE(Tensor::allocate(DType::kF32, {int64_t{1} << 50, int64_t{1} << 50}).ok());
  EXPECT_EQ(Tensor::allocate(DType::kF32, {0, 4})->element_count(), 0);
}

TEST(Tensor, Reshapes) {
  const Tensor tensor = Tensor::from_values<int8_t>({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(tensor.reshaped({3, 2})->bytes().data(), tensor.bytes().data());
  EXPECT_FALSE(tensor.reshaped({4}).ok());
}

TEST(Cast, SaturatesAndTruncates) {
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor floats = Tensor::from_values<float>({6}, {-1.9F, 1.9F, 300, -300, inf, NAN});
  const Result<Tensor> bytes = cast(floats, DType::kI8);
  ASSERT_TRUE(bytes.ok());
  const auto values = bytes->values<int8_t>();
  EXPECT_EQ((std::vector<int>(values.begin(), values.end())), (std::vector<int>{-1, 1, 127, -128, 127, 0}));
  EXPECT_EQ(values_as<int64_t>(floats)[4], std::numeric_limits<int64_t>::max());
  const Result<Tensor> bools = cast(floats, DType::kBool);
  ASSERT_TRUE(bools.ok());
  EXPECT_TRUE(bools->values<bool>()[0]);
  EXPECT_EQ(values_as<float>(*cast(floats, DType::kF16))[3], -300);
}

}  // namespace
}  // namespace sixtops
