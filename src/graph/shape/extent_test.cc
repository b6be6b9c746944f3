#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(ExtentShape, Concat) {
  EXPECT_EQ(inferred("input %a: f32[1x2x?] input %b: f32[1x3x4] %y: f32[..] = Concat(%a, %b) {axis=-2}"), "f32[1x5x4]");
  EXPECT_EQ(inferred("input %a: f32[1x?] input %b: f32[1x3] %y: f32[..] = Concat(%a, %b) {axis=1}"), "f32[1x?]");
  EXPECT_EQ(inferred("input %a: f32[..] input %b: f32[2x3] %y: f32[..] = Concat(%a, %b) {axis=1}"), "f32[2x?]");
  EXPECT_THAT(inferred("input %a: f32[1x2] input %b: f32[2x3] %y: f32[..] = Concat(%a, %b) {axis=1}"),
              HasSubstr("1 and 2"));
}

TEST(ExtentShape, Split) {
  EXPECT_EQ(inferred("input %x: f32[7] %y: f32[..], %z: f32[..] = Split(%x)"), "f32[4], f32[3]");
  EXPECT_EQ(inferred("input %x: f32[7] const %s: i64[2] = {2 5} %y: f32[..], %z: f32[..] = Split(%x, %s)"),
            "f32[2], f32[5]");
  EXPECT_EQ(inferred("input %x: f32[2x?] %y: f32[..], %z: f32[..] = Split(%x) {axis=1 split=[2 5]}"),
            "f32[2x2], f32[2x5]");
  EXPECT_THAT(inferred("input %x: f32[7] %y: f32[..], %z: f32[..] = Split(%x) {split=[2 4]}"), HasSubstr("parts 2x4"));
  EXPECT_THAT(inferred("input %x: f32[7] %y: f32[..] = Split(%x) {num_outputs=2}"), HasSubstr("num_outputs"));
}

TEST(ExtentShape, Slice) {
  EXPECT_EQ(inferred("input %x: f32[5x6] %y: f32[..] = Slice(%x) {starts=[1] ends=[9223372036854775807] axes=[-1] "
                     "steps=[2]}"),
            "f32[5x3]");
  EXPECT_EQ(inferred("input %x: f32[5x6] input %s: i64[1] const %e: i64[1] = {3} const %a: i64[1] = {0} "
                     "%y: f32[..] = Slice(%x, %s, %e, %a)"),
            "f32[?x6]");
  EXPECT_EQ(inferred("input %x: f32[5x6] input %s: i64[1] %y: f32[..] = Slice(%x, %s, %s)"), "f32[?x?]");
  EXPECT_THAT(inferred("input %x: f32[5x6] %y: f32[..] = Slice(%x)"), HasSubstr("starts"));
}

TEST(ExtentShape, PadTileExpandCrop) {
  EXPECT_EQ(inferred("input %x: f32[2x?] %y: f32[..] = Pad(%x) {pads=[1 0 2 0]}"), "f32[5x?]");
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..] = Pad(%x) {pads=[-1 4] axes=[-1]}"), "f32[2x6]");
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Pad(%x) {pads=[-3 0 0 0]}"), HasSubstr("extent 2"));
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Pad(%x) {pads=[1 1]}"), HasSubstr("2 pads"));
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..] = Tile(%x) {repeats=[2 1]}"), "f32[4x3]");
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Tile(%x) {repeats=[2]}"), HasSubstr("rank 1"));
  EXPECT_THAT(inferred("input %x: f32[4194304x4194304] %y: f32[..] = Tile(%x) {repeats=[1099511627776 1]}"),
              HasSubstr("overflow"));
  EXPECT_EQ(inferred("input %x: f32[3x1] %y: f32[..] = Expand(%x) {shape=[2 1 4]}"), "f32[2x3x4]");
  EXPECT_EQ(inferred("input %x: f32[3x1] input %s: i64[3] %y: f32[..] = Expand(%x, %s)"), "f32[?x?x?]");
  EXPECT_EQ(inferred("input %x: f32[3x4x5] const %s: i64[2] = {2 9} %y: f32[..] = CenterCropPad(%x, %s) {axes=[0 -1]}"),
            "f32[2x4x9]");
}

}  // namespace
}  // namespace sixtops
