#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(ElementwiseShape, BroadcastsAndKeepsTypes) {
  EXPECT_EQ(inferred("input %a: f16[?x3] %y: f32[..] = Relu(%a)"), "f16[?x3]");
  EXPECT_EQ(inferred("input %a: f32[2x1x4] input %b: f32[3x1] %y: f32[..] = Add(%a, %b)"), "f32[2x3x4]");
  EXPECT_EQ(inferred("input %a: f32[?x4] input %b: f32[3x1] %y: f32[..] = Mul(%a, %b)"), "f32[3x4]");
  EXPECT_EQ(inferred("input %a: f32[?x4] input %b: f32[1x1] %y: f32[..] = Less(%a, %b)"), "bool[?x4]");
  EXPECT_EQ(inferred("input %a: f32[..] input %b: f32[1x1] %y: f32[..] = Sub(%a, %b)"), "f32[..]");
  EXPECT_EQ(inferred("input %a: f32[2] input %b: f32[3x1] input %c: f32[1x1] %y: f32[..] = Max(%a, %b, %c)"),
            "f32[3x2]");
  EXPECT_EQ(inferred("input %a: f32[2x3] input %b: i64[] %y: f32[..] = Pow(%a, %b)"), "f32[2x3]");
  EXPECT_EQ(inferred("input %c: bool[2x1] input %a: i8[] input %b: i8[3] %y: f32[..] = Where(%c, %a, %b)"), "i8[2x3]");
  EXPECT_EQ(inferred("input %a: f32[2] %y: f32[..] = Cast(%a) {to=\"i64\"}"), "i64[2]");
  EXPECT_EQ(inferred("input %a: f32[2] %y: f32[..] = IsNaN(%a)"), "bool[2]");
}

TEST(ElementwiseShape, RefusesContradictions) {
  EXPECT_THAT(inferred("input %a: f32[2] input %b: f32[3] %y: f32[..] = Add(%a, %b) \"sum\""),
              HasSubstr("node 'sum' (Add): shapes 2 and 3 do not broadcast"));
  EXPECT_THAT(inferred("input %a: f32[2] input %b: i32[2] %y: f32[..] = Add(%a, %b)"), HasSubstr("f32 and i32"));
  EXPECT_THAT(inferred("input %a: f32[2x1] input %b: f32[3] %y: f32[..] = PRelu(%a, %b)"), HasSubstr("slope"));
  EXPECT_THAT(inferred("input %a: f32[2x1] %y: f32[..] = Softmax(%a) {axis=2}"), HasSubstr("axis 2"));
  EXPECT_THAT(inferred("input %c: f32[2] input %a: i8[] %y: f32[..] = Where(%c, %a, %a)"), HasSubstr("bool"));
}

}  // namespace
}  // namespace sixtops
