#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(QuantizationShape, TypesOfCodes) {
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..] = QuantizeLinear(%x) {scale=[0.5] zero_point=[0] to=\"i8\"}"),
            "i8[2x3]");
  EXPECT_EQ(inferred("input %x: f32[2x3] input %s: f32[3] input %z: i8[3] %y: f32[..] = QuantizeLinear(%x, %s, %z)"),
            "i8[2x3]");
  EXPECT_EQ(inferred("input %x: f32[4] input %s: f32[] %y: f32[..] = QuantizeLinear(%x, %s)"), "u8[4]");
  EXPECT_EQ(inferred("input %x: u8[2x3] input %s: f16[] %y: f32[..] = DequantizeLinear(%x, %s)"), "f16[2x3]");
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..], %s: f32[..], %z: f32[..] = DynamicQuantizeLinear(%x)"),
            "u8[2x3], f32[scalar], u8[scalar]");
}

TEST(QuantizationShape, RefusesContradictions) {
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = QuantizeLinear(%x)"), HasSubstr("scale"));
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = QuantizeLinear(%x) {scale=[]}"), HasSubstr("empty"));
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = QuantizeLinear(%x) {scale=[1 2]}"), HasSubstr("3 and 2"));
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = QuantizeLinear(%x) {scale=[1 2 3] zero_point=[0]}"),
              HasSubstr("1 and 3"));
}

}  // namespace
}  // namespace sixtops
