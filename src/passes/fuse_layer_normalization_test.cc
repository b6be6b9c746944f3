#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

std::string decomposed(std::string_view axes, std::string_view rest) {
  std::string text = R"(input %x: f32[2x3x4]
const %two: f32[] = {2}
const %epsilon: f32[] = {0.5}
const %gamma: f32[4] = {1 2 3 4}
const %beta: f32[4] = {5 6 7 8}
%m: f32[..] = ReduceMean(%x) {axes=[A]}
%d: f32[..] = Sub(%x, %m)
%p: f32[..] = Pow(%d, %two)
%v: f32[..] = ReduceMean(%p) {axes=[A]}
%e: f32[..] = Add(%v, %epsilon)
%r: f32[..] = Sqrt(%e)
%n: f32[..] = Div(%d, %r)
)";
  for (size_t at = text.find("[A]"); at != std::string::npos; at = text.find("[A]")) {
    text.replace(at, 3, "[" + std::string(axes) + "]");
  }
  return rewritten(fuse_layer_normalization, text + std::string(rest));
}

TEST(FuseLayerNormalization, TakesScaleAndShift) {
  EXPECT_EQ(decomposed("-1", "%s: f32[..] = Mul(%n, %gamma) %y: f32[..] = Add(%beta, %s) output %y"),
            R"(input %x: f32[2x3x4]
const %gamma: f32[4] = {1 2 3 4}
const %beta: f32[4] = {5 6 7 8}
%y: f32[2x3x4] = LayerNormalization(%x, %gamma, %beta) {axis=-1 epsilon=0.5}
output %y
)");
}

TEST(FuseLayerNormalization, MakesAScaleWhereThereIsNone) {
  EXPECT_EQ(decomposed("-1", "%y: f32[..] = Relu(%n) output %y"), R"(input %x: f32[2x3x4]
const %n.scale: f32[4] = {1 1 1 1}
%n: f32[2x3x4] = LayerNormalization(%x, %n.scale) {axis=-1 epsilon=0.5}
%y: f32[2x3x4] = Relu(%n)
output %y
)");
}

TEST(FuseLayerNormalization, LeavesOtherAxesAndOtherOperands) {
  EXPECT_THAT(decomposed("1", "output %n"), ::testing::HasSubstr("%n: f32[2x3x4] = Div(%d, %r)"));
  EXPECT_THAT(decomposed("-1", "%y: f32[..] = Div(%x, %r) output %y"), ::testing::HasSubstr("Div(%x, %r)"));
  // The scale belongs to the normalization, the second reader of the ratio does not see it.
  EXPECT_THAT(decomposed("-1", "%y: f32[..] = Mul(%n, %gamma) output %y output %n"),
              ::testing::HasSubstr("%y: f32[2x3x4] = Mul(%n, %gamma)"));
}

}  // namespace
}  // namespace sixtops::passes
