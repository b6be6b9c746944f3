#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

const std::string kConstants = R"(const %w: f32[2x1x1x1] = {1 2}
const %gamma: f32[2] = {2 1}
const %beta: f32[2] = {0.5 -1}
const %mean: f32[2] = {1 0}
const %variance: f32[2] = {3 0}
)";

TEST(FoldBatchNorm, GoesIntoTheConvolutionBefore) {
  // Scales 2 / sqrt(3 + 1) = 1 and 1 / sqrt(0 + 1) = 1, so that all numbers are exact.
  EXPECT_EQ(rewritten(fold_batch_norm, "input %x: f32[1x2x3x3]\n" + kConstants + R"(const %b: f32[2] = {4 5}
%c: f32[1x2x3x3] = Conv(%x, %w, %b) {group=2} "conv"
%y: f32[1x2x3x3] = BatchNormalization(%c, %gamma, %beta, %mean, %variance) {epsilon=1.0} "bn"
output %y
)"),
            R"(input %x: f32[1x2x3x3]
const %w: f32[2x1x1x1] = {1 2}
const %b: f32[2] = {3.5 4}
%y: f32[1x2x3x3] = Conv(%x, %w, %b) {group=2} "conv"
output %y
)");
}

TEST(FoldBatchNorm, GoesIntoATransposedConvolutionOfGroups) {
  // Weights [inputs, outputs / groups, 1, 1]: input 0 feeds channel 0, input 1 channel 1.
  EXPECT_EQ(rewritten(fold_batch_norm, R"(input %x: f32[1x2x1x1]
const %w: f32[2x1x1x1] = {1 2}
const %gamma: f32[2] = {3 5}
const %zero: f32[2] = {0 0}
%c: f32[1x2x1x1] = ConvTranspose(%x, %w) {group=2}
%y: f32[1x2x1x1] = BatchNormalization(%c, %gamma, %zero, %zero, %zero) {epsilon=1.0}
output %y
)"),
            R"(input %x: f32[1x2x1x1]
const %w: f32[2x1x1x1] = {3 10}
%y: f32[1x2x1x1] = ConvTranspose(%x, %w) {group=2}
output %y
)");
}

TEST(FoldBatchNorm, StandsAloneAsAConvolutionOfEachChannel) {
  const std::string expected = R"(const %y.scale: f32[2x1x1x1] = {1 1}
const %y.shift: f32[2] = {-0.5 -1}
)";
  const std::string text =
      rewritten(fold_batch_norm, "input %x: f32[1x2x3x3]\n" + kConstants + R"(%c: f32[1x2x3x3] = Relu(%x)
%y: f32[1x2x3x3] = BatchNormalization(%c, %gamma, %beta, %mean, %variance) {epsilon=1.0} "bn"
output %y
)");
  EXPECT_EQ(text, "input %x: f32[1x2x3x3]\n" + expected + R"(%c: f32[1x2x3x3] = Relu(%x)
%y: f32[1x2x3x3] = Conv(%c, %y.scale, %y.shift) {group=2 kernel_shape=[1 1]} "bn"
output %y
)");
}

TEST(FoldBatchNorm, IsAProductAndASumWithoutSpatialAxes) {
  EXPECT_THAT(rewritten(fold_batch_norm, "input %x: f32[1x2]\n" + kConstants +
                                             "%y: f32[1x2] = BatchNormalization(%x, %gamma, %beta, %mean, %variance) "
                                             "{epsilon=1.0} \"bn\"\noutput %y\n"),
              ::testing::HasSubstr(R"(%y.scaled: f32[1x2] = Mul(%x, %y.scale) "bn"
%y: f32[1x2] = Add(%y.scaled, %y.shift) "bn"
)"));
}

TEST(FoldBatchNorm, ASecondReaderKeepsTheLayer) {
  const std::string text = rewritten(
      fold_batch_norm, "input %x: f32[1x2x3x3]\n" + kConstants + R"(%c: f32[1x2x3x3] = Conv(%x, %w) {group=2} "conv"
%y: f32[1x2x3x3] = BatchNormalization(%c, %gamma, %beta, %mean, %variance) {epsilon=1.0} "bn"
output %y
output %c
)");
  EXPECT_THAT(text, ::testing::HasSubstr("%c: f32[1x2x3x3] = Conv(%x, %w) {group=2} \"conv\""));
  EXPECT_THAT(text, ::testing::HasSubstr("%y: f32[1x2x3x3] = Conv(%c, %y.scale"));
}

TEST(FoldBatchNorm, ComputedParametersStay) {
  expect_unchanged(fold_batch_norm, R"(input %x: f32[1x2x3x3]
input %p: f32[2]
%y: f32[1x2x3x3] = BatchNormalization(%x, %p, %p, %p, %p)
output %y
)");
}

}  // namespace
}  // namespace sixtops::passes
