#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(CanonicalTranspose, OneOfAChain) {
  EXPECT_EQ(rewritten(canonical_transpose, R"(input %x: f32[2x3x4]
%a: f32[..] = Transpose(%x) {perm=[1 2 0]}
%y: f32[..] = Transpose(%a) {perm=[0 2 1]}
output %y
)"),
            R"(input %x: f32[2x3x4]
%y: f32[3x2x4] = Transpose(%x) {perm=[1 0 2]}
output %y
)");
}

TEST(CanonicalTranspose, MeetsTheOneBehindElementwiseOperators) {
  EXPECT_EQ(rewritten(canonical_transpose, R"(input %p: f32[1x2x3x4]
input %q: f32[1x2x3x4]
const %half: f32[] = {0.5}
%a: f32[..] = Transpose(%p) {perm=[0 2 3 1]}
%b: f32[..] = Transpose(%q) {perm=[0 2 3 1]}
%c: f32[..] = Sigmoid(%b)
%d: f32[..] = Mul(%c, %half)
%e: f32[..] = Add(%a, %d)
%y: f32[..] = Transpose(%e) {perm=[0 3 1 2]}
output %y
)"),
            R"(input %p: f32[1x2x3x4]
input %q: f32[1x2x3x4]
const %half: f32[] = {0.5}
%b.1: f32[1x2x3x4] = Transpose(%q) {perm=[0 1 2 3]}
%c: f32[1x2x3x4] = Sigmoid(%b.1)
%d: f32[1x2x3x4] = Mul(%c, %half)
%a.1: f32[1x2x3x4] = Transpose(%p) {perm=[0 1 2 3]}
%y: f32[1x2x3x4] = Add(%a.1, %d)
output %y
)");
}

TEST(CanonicalTranspose, SoftmaxKeepsItsAxis) {
  EXPECT_EQ(rewritten(canonical_transpose, R"(input %x: f32[1x5x2x3]
%a: f32[..] = Transpose(%x) {perm=[0 2 3 1]}
%b: f32[..] = Softmax(%a) {axis=-1}
%y: f32[..] = Transpose(%b) {perm=[0 3 2 1]}
output %y
)"),
            R"(input %x: f32[1x5x2x3]
%a.1: f32[1x5x3x2] = Transpose(%x) {perm=[0 1 3 2]}
%y: f32[1x5x3x2] = Softmax(%a.1) {axis=1}
output %y
)");
}

TEST(CanonicalTranspose, LeavesSecondReadersOtherOrdersAndBroadcasts) {
  expect_unchanged(canonical_transpose, R"(input %p: f32[2x2]
%a: f32[2x2] = Transpose(%p) {perm=[1 0]}
%b: f32[2x2] = Relu(%a)
%y: f32[2x2] = Transpose(%b) {perm=[1 0]}
output %y
output %b
)");
  expect_unchanged(canonical_transpose, R"(input %p: f32[2x2x2]
%a: f32[2x2x2] = Transpose(%p) {perm=[1 0 2]}
%b: f32[2x2x2] = Transpose(%p) {perm=[0 2 1]}
%c: f32[2x2x2] = Add(%a, %b)
%y: f32[2x2x2] = Transpose(%c) {perm=[1 0 2]}
output %y
)");
  expect_unchanged(canonical_transpose, R"(input %p: f32[2x3]
const %c: f32[2] = {1 2}
%a: f32[3x2] = Transpose(%p) {perm=[1 0]}
%b: f32[3x2] = Mul(%a, %c)
%y: f32[2x3] = Transpose(%b) {perm=[1 0]}
output %y
)");
}

}  // namespace
}  // namespace sixtops::passes
