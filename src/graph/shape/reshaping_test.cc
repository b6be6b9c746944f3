#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

std::string reshaped(std::string_view data, std::string_view attributes) {
  return inferred("input %x: f32[" + std::string(data) + "] %y: f32[..] = Reshape(%x) {" + std::string(attributes) +
                  "}");
}

TEST(ReshapeShape, ResolvesCopiesAndTheRest) {
  EXPECT_EQ(reshaped("2x3x4", "shape=[0 -1]"), "f32[2x12]");
  EXPECT_EQ(reshaped("?x3x4", "shape=[0 -1]"), "f32[?x12]");
  EXPECT_EQ(reshaped("?x3x4", "shape=[-1 4]"), "f32[?x4]");
  EXPECT_EQ(reshaped("..", "shape=[0 -1 4]"), "f32[?x?x4]");
  EXPECT_EQ(reshaped("0x3", "shape=[0 -1]"), "f32[0x3]");
  EXPECT_EQ(reshaped("0x3", "shape=[3 0] allowzero=1"), "f32[3x0]");
  EXPECT_EQ(reshaped("", "shape=[1 1]"), "f32[1x1]");
  EXPECT_EQ(inferred("input %x: f32[6] input %s: i64[3] %y: f32[..] = Reshape(%x, %s)"), "f32[?x?x?]");
}

TEST(ReshapeShape, RefusesWhatDoesNotFit) {
  EXPECT_THAT(reshaped("2x3", "shape=[4 2]"), HasSubstr("does not fit"));
  EXPECT_THAT(reshaped("?x3", "shape=[0 4]"), HasSubstr("does not fit"));
  EXPECT_THAT(reshaped("2x3", "shape=[-1 4]"), HasSubstr("does not fit"));
  EXPECT_THAT(reshaped("2x3", "shape=[-1 -1]"), HasSubstr("two -1"));
  EXPECT_THAT(reshaped("2x3", "shape=[2 3 0]"), HasSubstr("copied"));
  EXPECT_THAT(reshaped("2x3", "shape=[1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 6]"), HasSubstr("17 extents"));
  EXPECT_THAT(reshaped("2x3", "shape=[1099511627776 1099511627776 0] allowzero=1"), HasSubstr("does not fit"));
}

TEST(ReshapeShape, FlattenSqueezeUnsqueezeTranspose) {
  EXPECT_EQ(inferred("input %x: f32[2x3x4] %y: f32[..] = Flatten(%x) {axis=-1}"), "f32[6x4]");
  EXPECT_EQ(inferred("input %x: f32[2x3x4] %y: f32[..] = Flatten(%x) {axis=0}"), "f32[1x24]");
  EXPECT_EQ(inferred("input %x: f32[?x3x4] %y: f32[..] = Flatten(%x)"), "f32[?x12]");
  EXPECT_EQ(inferred("input %x: f32[1x3x1] %y: f32[..] = Squeeze(%x)"), "f32[3]");
  EXPECT_EQ(inferred("input %x: f32[1x?x1] %y: f32[..] = Squeeze(%x)"), "f32[..]");
  EXPECT_EQ(inferred("input %x: f32[1x?x1] %y: f32[..] = Squeeze(%x) {axes=[-1]}"), "f32[1x?]");
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Squeeze(%x) {axes=[0]}"), HasSubstr("squeezed"));
  EXPECT_EQ(inferred("input %x: f32[2x3] const %a: i64[2] = {0 -1} %y: f32[..] = Unsqueeze(%x, %a)"), "f32[1x2x3x1]");
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Unsqueeze(%x) {axes=[0 0]}"), HasSubstr("twice"));
  EXPECT_EQ(inferred("input %x: f32[2x3x4] %y: f32[..] = Transpose(%x)"), "f32[4x3x2]");
  EXPECT_EQ(inferred("input %x: f32[2x3x4] %y: f32[..] = Transpose(%x) {perm=[1 2 0]}"), "f32[3x4x2]");
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Transpose(%x) {perm=[1 1]}"), HasSubstr("twice"));
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = Transpose(%x) {perm=[0 2]}"), HasSubstr("axis 2"));
}

TEST(ReshapeShape, DepthAndSpace) {
  EXPECT_EQ(inferred("input %x: f32[1x12x2x?] %y: f32[..] = DepthToSpace(%x) {blocksize=2}"), "f32[1x3x4x?]");
  EXPECT_EQ(inferred("input %x: f32[1x3x4x6] %y: f32[..] = SpaceToDepth(%x) {blocksize=2}"), "f32[1x12x2x3]");
  EXPECT_THAT(inferred("input %x: f32[1x3x4x5] %y: f32[..] = SpaceToDepth(%x) {blocksize=2}"), HasSubstr("multiple"));
}

}  // namespace
}  // namespace sixtops
