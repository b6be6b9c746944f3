#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(SamplingShape, Resize) {
  EXPECT_EQ(inferred("input %x: f32[1x3x4x5] %y: f32[..] = Resize(%x) {scales=[1 1 2 1.5]}"), "f32[1x3x8x7]");
  EXPECT_EQ(inferred("input %x: f32[1x3x4x?] const %none: f32[0] = {} const %s: i64[4] = {1 3 8 9} %y: f32[..] = "
                     "Resize(%x, _, %none, %s)"),
            "f32[1x3x8x9]");
  EXPECT_EQ(inferred("input %x: f32[1x3x4x5] input %s: f32[4] %y: f32[..] = Resize(%x, _, %s)"), "f32[?x?x?x?]");
  EXPECT_EQ(inferred("input %x: f32[1x3x4x5] input %s: f32[2] %y: f32[..] = Resize(%x, _, %s) {axes=[2 3]}"),
            "f32[1x3x?x?]");
  EXPECT_THAT(inferred("input %x: f32[1x3x4x5] %y: f32[..] = Resize(%x)"), HasSubstr("neither"));
}

TEST(SamplingShape, RegionsAndGrids) {
  EXPECT_EQ(inferred("input %x: f32[1x3x8x8] input %r: f32[7x4] input %b: i64[7] %y: f32[..] = RoiAlign(%x, %r, %b) "
                     "{output_height=2 output_width=5}"),
            "f32[7x3x2x5]");
  EXPECT_EQ(inferred("input %x: f32[1x3x8x8] input %r: f32[7x5] %y: f32[..] = MaxRoiPool(%x, %r) {pooled_shape=[2 3]}"),
            "f32[7x3x2x3]");
  EXPECT_EQ(inferred("input %x: f32[1x3x8x8] input %g: f32[1x5x6x2] %y: f32[..] = GridSample(%x, %g)"), "f32[1x3x5x6]");
  EXPECT_THAT(inferred("input %x: f32[1x3x8x8] input %g: f32[1x5x6x3] %y: f32[..] = GridSample(%x, %g)"),
              HasSubstr("coordinates"));
  EXPECT_EQ(inferred("input %t: f32[2x2x3] const %s: i64[4] = {2 3 5 6} %y: f32[..] = AffineGrid(%t, %s)"),
            "f32[2x5x6x2]");
}

}  // namespace
}  // namespace sixtops
