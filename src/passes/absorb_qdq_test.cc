#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(AbsorbQdq, NormalForm) {
  EXPECT_EQ(rewritten(absorb_qdq, R"(input %x: u8[1x1x2x2]
const %w: u8[1x1x1x1] = {200}
const %real: f32[1] = {0.5}
%a: f32[..] = DequantizeLinear(%x) {scale=[0.0078125] zero_point=[127]} "in"
%b: f32[..] = DequantizeLinear(%w) {scale=[0.5] zero_point=[100]}
%qbias: i32[..] = QuantizeLinear(%real) {scale=[0.25] to="i32" zero_point=[0]}
%bias: f32[..] = DequantizeLinear(%qbias) {scale=[0.25] zero_point=[0]}
%c: f32[..] = Conv(%a, %b, %bias) "conv"
%y: u8[..] = QuantizeLinear(%c) {scale=[0.125] to="u8" zero_point=[3]} "out"
output %y
)"),
            R"(input %x: f32[1x1x2x2] {picture=1 mean=[127.0] std=[128.0]}
const %w: i8[1x1x1x1] q(0.5, -28) = {72}
const %qbias: i32[1] q(0.25, 0) = {2}
%x.codes: i8[1x1x2x2] q(0.0078125, -1) = QuantizeLinear(%x) {scale=[0.0078125] to="i8" zero_point=[-1]} "in"
%a: f32[1x1x2x2] = DequantizeLinear(%x.codes) {scale=[0.0078125] zero_point=[-1]} "in"
%b: f32[1x1x1x1] = DequantizeLinear(%w) {scale=[0.5] zero_point=[-28]}
%bias: f32[1] = DequantizeLinear(%qbias) {scale=[0.25] zero_point=[0]}
%c: f32[1x1x2x2] = Conv(%a, %b, %bias) "conv"
%y.codes: i8[1x1x2x2] q(0.125, -125) = QuantizeLinear(%c) {scale=[0.125] to="i8" zero_point=[-125]} "out"
%y: f32[1x1x2x2] = DequantizeLinear(%y.codes) {scale=[0.125] zero_point=[-125]} "out"
output %y
)");
}

TEST(AbsorbQdq, CodesShiftThroughMovement) {
  EXPECT_EQ(rewritten(absorb_qdq, R"(input %x: f32[1x2x2x2]
%q: u8[..] = QuantizeLinear(%x) {scale=[1] to="u8" zero_point=[128]}
%m: u8[..] = MaxPool(%q) {kernel_shape=[2 2]}
%r: u8[..] = Concat(%m, %m) {axis=1}
%y: f32[..] = DequantizeLinear(%r) {scale=[1] zero_point=[128]}
output %y
)"),
            R"(input %x: f32[1x2x2x2]
%q: i8[1x2x2x2] q(1, 0) = QuantizeLinear(%x) {scale=[1.0] to="i8" zero_point=[0]}
%m: i8[1x2x1x1] = MaxPool(%q) {kernel_shape=[2 2]}
%r: i8[1x4x1x1] q(1, 0) = Concat(%m, %m) {axis=1}
%y: f32[1x4x1x1] = DequantizeLinear(%r) {scale=[1.0] zero_point=[0]}
output %y
)");
}

TEST(AbsorbQdq, CodesThatOthersReadStayUnsigned) {
  expect_unchanged(absorb_qdq, R"(input %x: f32[2]
%q: u8[2] q(1, 128) = QuantizeLinear(%x) {scale=[1.0] to="u8" zero_point=[128]}
%i: i32[2] = Cast(%q) {to="i32"}
%y: f32[2] = DequantizeLinear(%q) {scale=[1.0] zero_point=[128]}
output %y
output %i
)");
}

TEST(AbsorbQdq, PairsOfEqualParametersCancel) {
  const auto pair = [](const std::string& scale) {
    return rewritten(absorb_qdq, R"(input %x: f32[2]
%q: i8[..] = QuantizeLinear(%x) {scale=[1] to="i8" zero_point=[0]}
%r: f32[..] = DequantizeLinear(%q) {scale=[1] zero_point=[0]}
%s: i8[..] = QuantizeLinear(%r) {scale=[)" +
                                     scale + R"(] to="i8" zero_point=[0]}
%y: f32[..] = DequantizeLinear(%s) {scale=[)" +
                                     scale + R"(] zero_point=[0]}
output %y
)");
  };
  EXPECT_EQ(pair("1"), R"(input %x: f32[2]
%q: i8[2] q(1, 0) = QuantizeLinear(%x) {scale=[1.0] to="i8" zero_point=[0]}
%y: f32[2] = DequantizeLinear(%q) {scale=[1.0] zero_point=[0]}
output %y
)");
  EXPECT_THAT(pair("2"), ::testing::HasSubstr("%s: i8[2] q(2, 0) = QuantizeLinear(%r)"));
}

TEST(AbsorbQdq, LeavesParametersThatDoNotFitTheirCodes) {
  expect_unchanged(absorb_qdq, R"(input %x: f32[2]
%q: u8[2] = QuantizeLinear(%x) {scale=[1.0] to="u8" zero_point=[300]}
%r: f32[2] = DequantizeLinear(%q) {scale=[inf] zero_point=[0]}
output %r
)");
}

TEST(AbsorbQdq, AnOutputNamedTwice) {
  EXPECT_THAT(rewritten(absorb_qdq, R"(input %x: f32[2]
%y: i8[2] = QuantizeLinear(%x) {scale=[1] to="i8" zero_point=[0]}
output %y
output %y
)"),
              ::testing::HasSubstr(R"(%y: f32[2] = DequantizeLinear(%y.codes) {scale=[1.0] zero_point=[0]}
output %y
output %y
)"));
}

TEST(AbsorbQdq, ScalesOfChannels) {
  EXPECT_THAT(rewritten(absorb_qdq, R"(input %x: f32[1x1x2x2]
const %w: i8[2x1x1x1] = {1 2}
%b: f32[..] = DequantizeLinear(%w) {axis=0 scale=[0.5 1] zero_point=[0 0]}
%y: f32[..] = Conv(%x, %b)
output %y
)"),
              ::testing::HasSubstr("const %w: i8[2x1x1x1] q([0.5 1], [0 0], 0) = {1 2}"));
}

}  // namespace
}  // namespace sixtops::passes
