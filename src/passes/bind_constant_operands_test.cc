#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(BindConstantOperands, MakesAttributes) {
  EXPECT_EQ(rewritten(bind_constant_operands, R"(input %x: f32[2x6]
const %starts: i64[1] = {1}
const %ends: i64[1] = {5}
const %axes: i32[1] = {1}
const %low: f32[] = {-1}
const %pads: i64[4] = {0 1 0 1}
const %value: f32[] = {0.5}
const %shape: i64[2] = {4 3}
%a: f32[2x4] = Slice(%x, %starts, %ends, %axes) "slice"
%b: f32[2x4] = Clip(%a, %low)
%c: f32[2x6] = Pad(%b, %pads, %value)
%d: f32[4x3] = Reshape(%c, %shape)
%e: f32[1x3] = ReduceMean(%d, %starts) {keepdims=1}
output %d
)"),
            R"(input %x: f32[2x6]
%a: f32[2x4] = Slice(%x) {axes=[1] ends=[5] starts=[1]} "slice"
%b: f32[2x4] = Clip(%a) {min=-1.0}
%c: f32[2x6] = Pad(%b) {pads=[0 1 0 1] value=0.5}
%d: f32[4x3] = Reshape(%c) {shape=[4 3]}
output %d
)");
}

TEST(BindConstantOperands, ResizeDropsWhatIsEmptyOrUnused) {
  EXPECT_EQ(rewritten(bind_constant_operands, R"(input %x: f32[1x3x4x4]
const %roi: f32[8] = {0 0 0 0 1 1 1 1}
const %none: f32[0] = {}
const %sizes: i64[4] = {1 3 8 8}
%y: f32[1x3x8x8] = Resize(%x, %roi, %none, %sizes) {mode="linear"}
output %y
)"),
            R"(input %x: f32[1x3x4x4]
%y: f32[1x3x8x8] = Resize(%x) {mode="linear" sizes=[1 3 8 8]}
output %y
)");
}

TEST(BindConstantOperands, QuantizationWritesDownTheTypeOfTheCodes) {
  EXPECT_EQ(rewritten(bind_constant_operands, R"(input %x: f32[2]
const %s: f32[] = {0.5}
const %z: i8[] = {3}
%q: i8[2] = QuantizeLinear(%x, %s, %z)
%r: f32[2] = DequantizeLinear(%q, %s, %z)
%u: u8[2] = QuantizeLinear(%r, %s)
output %u
)"),
            R"(input %x: f32[2]
%q: i8[2] = QuantizeLinear(%x) {scale=[0.5] to="i8" zero_point=[3]}
%r: f32[2] = DequantizeLinear(%q) {scale=[0.5] zero_point=[3]}
%u: u8[2] = QuantizeLinear(%r) {scale=[0.5] to="u8" zero_point=[0]}
output %u
)");
}

TEST(BindConstantOperands, LeavesWhatDoesNotFit) {
  expect_unchanged(bind_constant_operands, R"(input %x: i64[2]
input %shape: i64[2]
input %f: f32[2]
const %low: i64[] = {9007199254740993}
const %nan: f32[] = base64 "AADAfw=="
const %half: f16[] = {0.5}
%a: i64[2] = Clip(%x, %low)
%b: i64[?x?] = Reshape(%a, %shape)
%c: f32[2] = Clip(%f, %nan)
%d: u8[2] = QuantizeLinear(%c, %half)
output %b
output %d
)");
}

}  // namespace
}  // namespace sixtops::passes
