#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(ExpandQuantizedOperators, ConvolutionWithBias) {
  EXPECT_EQ(rewritten(expand_quantized_operators, R"(input %x: u8[1x1x2x2]
const %xs: f32[] = {0.5}
const %xz: u8[] = {128}
const %w: u8[2x1x1x1] = {1 2}
const %ws: f32[2] = {0.25 2}
const %wz: u8[2] = {3 4}
const %ys: f32[] = {0.125}
const %yz: u8[] = {7}
const %b: i32[2] = {10 20}
%y: u8[1x2x2x2] = QLinearConv(%x, %xs, %xz, %w, %ws, %wz, %ys, %yz, %b) {kernel_shape=[1 1]} "conv"
output %y
)"),
            R"(input %x: u8[1x1x2x2]
const %xs: f32[] = {0.5}
const %xz: u8[] = {128}
const %w: u8[2x1x1x1] = {1 2}
const %ws: f32[2] = {0.25 2}
const %wz: u8[2] = {3 4}
const %ys: f32[] = {0.125}
const %yz: u8[] = {7}
const %b: i32[2] = {10 20}
const %b.scale: f32[2] = {0.125 1}
const %b.zero: i32[2] = {0 0}
%x.real: f32[1x1x2x2] = DequantizeLinear(%x, %xs, %xz) {axis=1} "conv"
%w.real: f32[2x1x1x1] = DequantizeLinear(%w, %ws, %wz) {axis=0} "conv"
%b.real: f32[2] = DequantizeLinear(%b, %b.scale, %b.zero) {axis=0} "conv"
%y.real: f32[1x2x2x2] = Conv(%x.real, %w.real, %b.real) {kernel_shape=[1 1]} "conv"
%y: u8[1x2x2x2] = QuantizeLinear(%y.real, %ys, %yz) "conv"
output %y
)");
}

TEST(ExpandQuantizedOperators, ComputedScalesStay) {
  expect_unchanged(expand_quantized_operators, R"(input %a: i8[2x3]
input %b: i8[3x4]
input %s: f32[]
const %z: i8[] = {0}
%y: i8[2x4] = QLinearMatMul(%a, %s, %z, %b, %s, %z, %s, %z)
output %y
)");
}

}  // namespace
}  // namespace sixtops::passes
