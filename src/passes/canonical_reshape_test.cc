#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(CanonicalReshape, OneOperatorAndOneOfAChain) {
  EXPECT_EQ(rewritten(canonical_reshape, R"(input %x: f32[2x3x1x4]
%a: f32[..] = Squeeze(%x) {axes=[2]} "squeeze"
%b: f32[..] = Flatten(%a) {axis=2} "flatten"
%c: f32[..] = Unsqueeze(%b) {axes=[0]} "unsqueeze"
%y: f32[..] = Relu(%c)
output %y
)"),
            R"(input %x: f32[2x3x1x4]
%c: f32[1x6x4] = Reshape(%x) {shape=[1 6 4]} "unsqueeze"
%y: f32[1x6x4] = Relu(%c)
output %y
)");
}

TEST(CanonicalReshape, TransposesOfUnits) {
  EXPECT_EQ(rewritten(canonical_reshape, R"(input %x: f32[1x3x1x4]
%y: f32[..] = Transpose(%x) {perm=[1 2 3 0]}
%z: f32[..] = Transpose(%x) {perm=[0 3 2 1]}
output %y
output %z
)"),
            R"(input %x: f32[1x3x1x4]
%y: f32[3x1x4x1] = Reshape(%x) {shape=[3 1 4 1]}
%z: f32[1x4x1x3] = Transpose(%x) {perm=[0 3 2 1]}
output %y
output %z
)");
}

TEST(CanonicalReshape, ReadersOfTheMiddleKeepIt) {
  EXPECT_EQ(rewritten(canonical_reshape, R"(input %x: f32[2x3]
%a: f32[6] = Reshape(%x) {shape=[-1]}
%y: f32[3x2] = Reshape(%a) {shape=[3 -1]}
output %y
output %a
)"),
            R"(input %x: f32[2x3]
%a: f32[6] = Reshape(%x) {shape=[6]}
%y: f32[3x2] = Reshape(%x) {shape=[3 2]}
output %y
output %a
)");
}

TEST(CanonicalReshape, EmptyAndUnknownExtents) {
  EXPECT_THAT(rewritten(canonical_reshape, "input %x: f32[0x3] %y: f32[..] = Flatten(%x) output %y"),
              ::testing::HasSubstr("{allowzero=1 shape=[0 3]}"));
  expect_unchanged(canonical_reshape, "input %x: f32[?x3]\n%y: f32[?x3x1] = Unsqueeze(%x) {axes=[2]}\noutput %y\n");
}

TEST(CanonicalReshape, ChannelShuffleStays) {
  expect_unchanged(canonical_reshape, R"(input %x: f32[1x4x2x2]
%a: f32[1x2x2x2x2] = Reshape(%x) {shape=[1 2 2 2 2]}
%b: f32[1x2x2x2x2] = Transpose(%a) {perm=[0 2 1 3 4]}
%y: f32[1x4x2x2] = Reshape(%b) {shape=[1 4 2 2]}
output %y
)");
}

}  // namespace
}  // namespace sixtops::passes
