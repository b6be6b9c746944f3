#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

constexpr std::string_view kPicture = "input %x: f32[1x6x9x9] input %w: f32[4x3x3x3] input %b: f32[4] ";

std::string conv(std::string_view node) { return inferred(std::string(kPicture) + std::string(node)); }

TEST(ConvolutionShape, CountsOutputs) {
  EXPECT_EQ(conv("%y: f32[..] = Conv(%x, %w, %b) {group=2 pads=[1 1 1 1] strides=[2 1]}"), "f32[1x4x5x9]");
  EXPECT_EQ(inferred("input %x: i8[?x3x?x9] input %w: i8[4x3x3x3] %y: f32[..] = Conv(%x, %w)"), "i8[?x4x?x7]");
  EXPECT_EQ(inferred("input %x: f32[..] input %w: f32[4x3x3x3] %y: f32[..] = Conv(%x, %w)"), "f32[?x4x?x?]");
  EXPECT_EQ(inferred("input %x: f32[2x3x9] input %w: f32[..] %y: f32[..] = Conv(%x, %w) {kernel_shape=[3]}"),
            "f32[2x?x7]");
  EXPECT_EQ(inferred("input %x: f32[..] input %w: f32[..] %y: f32[..] = Conv(%x, %w)"), "f32[..]");
  EXPECT_EQ(inferred("input %x: u8[1x3x5x5] input %w: u8[4x3x3x3] %y: f32[..] = ConvInteger(%x, %w)"), "i32[1x4x3x3]");
}

TEST(ConvolutionShape, TransposedGrows) {
  EXPECT_EQ(inferred("input %x: f32[1x6x5x5] input %w: f32[6x2x2x2] %y: f32[..] = ConvTranspose(%x, %w) "
                     "{group=3 strides=[2 2]}"),
            "f32[1x6x10x10]");
  EXPECT_THAT(inferred("input %x: f32[1x5x5x5] input %w: f32[6x2x2x2] %y: f32[..] = ConvTranspose(%x, %w)"),
              HasSubstr("input channels is 5 and 6"));
}

TEST(ConvolutionShape, RefusesContradictions) {
  EXPECT_THAT(conv("%y: f32[..] = Conv(%x, %w, %b)"), HasSubstr("input channels is 6 and 3"));
  EXPECT_THAT(conv("%y: f32[..] = Conv(%x, %w, %x) {group=2}"), HasSubstr("bias"));
  EXPECT_THAT(conv("%y: f32[..] = Conv(%x, %w) {group=3}"), HasSubstr("4 output channels in 3 groups"));
  EXPECT_THAT(conv("%y: f32[..] = Conv(%x, %b) {group=2}"), HasSubstr("spatial axis"));
  EXPECT_THAT(conv("%y: f32[..] = Conv(%x, %w) {group=2 dilations=[9 9]}"), HasSubstr("does not fit"));
  EXPECT_THAT(inferred("input %x: f32[1x3x9] input %w: f32[4x3x3x3] %y: f32[..] = Conv(%x, %w)"), HasSubstr("rank"));
}

}  // namespace
}  // namespace sixtops
