#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(MakerShape, ShapesFromTensors) {
  EXPECT_EQ(inferred("const %s: i64[2] = {2 3} %y: f32[..] = ConstantOfShape(%s) {dtype=\"i64\"}"), "i64[2x3]");
  EXPECT_EQ(inferred("input %s: i64[2] %y: f32[..] = ConstantOfShape(%s)"), "f32[?x?]");
  EXPECT_THAT(inferred("const %s: i64[1] = {-2} %y: f32[..] = ConstantOfShape(%s)"), HasSubstr("negative"));
  EXPECT_THAT(inferred("const %s: i64[2] = {4611686018427387904 4} %y: f32[..] = ConstantOfShape(%s)"),
              HasSubstr("overflow"));
  EXPECT_EQ(inferred("input %x: i32[2x3] %y: f32[..] = EyeLike(%x)"), "i32[2x3]");
}

std::string range(std::string_view type, std::string_view start, std::string_view limit, std::string_view step) {
  std::string text;
  const std::string_view values[] = {start, limit, step};
  for (int i = 0; i < 3; ++i) {
    text += "const %c" + std::to_string(i) + ": " + std::string(type) + "[] = {" + std::string(values[i]) + "} ";
  }
  return inferred(text + "%y: f32[..] = Range(%c0, %c1, %c2)");
}

TEST(MakerShape, Range) {
  EXPECT_EQ(range("i64", "0", "10", "3"), "i64[4]");
  EXPECT_EQ(range("i64", "10", "0", "-3"), "i64[4]");
  EXPECT_EQ(range("i32", "0", "10", "-1"), "i32[0]");
  EXPECT_EQ(range("f32", "1", "2.5", "0.5"), "f32[3]");
  EXPECT_THAT(range("i64", "0", "10", "0"), HasSubstr("no number"));
  EXPECT_THAT(range("f32", "0", "10", "0"), HasSubstr("no number"));
  EXPECT_THAT(range("i64", "-9223372036854775808", "9223372036854775807", "1"), HasSubstr("no number"));
  EXPECT_EQ(inferred("input %a: i64[] %y: f32[..] = Range(%a, %a, %a)"), "i64[?]");
}

TEST(MakerShape, Questions) {
  EXPECT_EQ(inferred("input %x: f32[2x?x4] %y: f32[..] = Shape(%x) {start=-2}"), "i64[2]");
  EXPECT_EQ(inferred("input %x: f32[2x?x4] %y: f32[..] = Shape(%x) {start=1 end=-9}"), "i64[0]");
  EXPECT_EQ(inferred("input %x: f32[..] %y: f32[..] = Shape(%x)"), "i64[?]");
  EXPECT_EQ(inferred("input %x: f32[..] %y: f32[..] = Size(%x)"), "i64[scalar]");
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..] = NonZero(%x)"), "i64[2x?]");
  EXPECT_EQ(inferred("input %b: f32[1x9x4] input %s: f32[1x2x9] %y: f32[..] = NonMaxSuppression(%b, %s)"), "i64[?x3]");
}

TEST(MakerShape, CustomKeepsWhatTheFileSaid) {
  EXPECT_EQ(inferred("input %x: f32[2] %y: u8[3x?], %z: f16[..] = Custom(%x) {type=\"cstThing\"}"), "u8[3x?], f16[..]");
}

}  // namespace
}  // namespace sixtops
