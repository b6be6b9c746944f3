#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(MatMulShape, FollowsNumPy) {
  EXPECT_EQ(inferred("input %a: f32[2x1x3x4] input %b: f32[5x4x6] %y: f32[..] = MatMul(%a, %b)"), "f32[2x5x3x6]");
  EXPECT_EQ(inferred("input %a: f32[4] input %b: f32[5x4x6] %y: f32[..] = MatMul(%a, %b)"), "f32[5x6]");
  EXPECT_EQ(inferred("input %a: f32[4] input %b: f32[4] %y: f32[..] = MatMul(%a, %b)"), "f32[scalar]");
  EXPECT_EQ(inferred("input %a: f32[?x4] input %b: f32[4x6] input %c: f32[6] %y: f32[..] = MatMul(%a, %b, %c)"),
            "f32[?x6]");
  EXPECT_EQ(inferred("input %a: u8[3x4] input %b: u8[4x6] %y: f32[..] = MatMulInteger(%a, %b)"), "i32[3x6]");
  EXPECT_THAT(inferred("input %a: f32[3x4] input %b: f32[5x6] %y: f32[..] = MatMul(%a, %b)"), HasSubstr("4 and 5"));
  EXPECT_THAT(inferred("input %a: f32[] input %b: f32[5x6] %y: f32[..] = MatMul(%a, %b)"), HasSubstr("scalar"));
}

TEST(MatMulShape, Gemm) {
  EXPECT_EQ(inferred("input %a: f32[4x3] input %b: f32[6x4] input %c: f32[6] %y: f32[..] = Gemm(%a, %b, %c) "
                     "{transA=1 transB=1}"),
            "f32[3x6]");
  EXPECT_EQ(inferred("input %a: f32[..] input %b: f32[4x6] %y: f32[..] = Gemm(%a, %b)"), "f32[?x6]");
  EXPECT_THAT(inferred("input %a: f32[1x4] input %b: f32[4x6] input %c: f32[2x6] %y: f32[..] = Gemm(%a, %b, %c)"),
              HasSubstr("third matrix"));
}

TEST(MatMulShape, EinsumAndDeterminant) {
  EXPECT_EQ(inferred("input %a: f32[2x3x4] input %b: f32[2x4x5] %y: f32[..] = Einsum(%a, %b) "
                     "{equation=\"bij,bjk->bik\"}"),
            "f32[2x3x5]");
  EXPECT_EQ(inferred("input %a: f32[7x4x4] %y: f32[..] = Einsum(%a) {equation=\"...ii->...i\"}"), "f32[7x4]");
  EXPECT_THAT(inferred("input %a: f32[2x3] input %b: f32[4x5] %y: f32[..] = Einsum(%a, %b) {equation=\"ij,jk\"}"),
              HasSubstr("broadcast"));
  EXPECT_EQ(inferred("input %a: f32[7x4x4] %y: f32[..] = Det(%a)"), "f32[7]");
}

}  // namespace
}  // namespace sixtops
