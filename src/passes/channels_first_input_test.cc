#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(ChannelsFirstInput, TakesTheTransposeOfAPicture) {
  EXPECT_EQ(rewritten(channels_first_input, R"(input %x: u8[1x6x8x3] {picture=1}
%a: u8[..] = Transpose(%x) {perm=[0 3 1 2]}
%y: f32[..] = Cast(%a) {to="f32"}
output %y
)"),
            R"(input %x: u8[1x3x6x8] {picture=1}
%y: f32[1x3x6x8] = Cast(%x) {to="f32"}
output %y
)");
}

TEST(ChannelsFirstInput, LeavesOtherReadersOrdersAndExtents) {
  expect_unchanged(channels_first_input, R"(input %a: f32[1x6x8x3]
input %b: f32[1x6x8x3]
input %c: f32[1x6x8x7]
input %d: f32[1x6x8x3]
%p: f32[1x3x6x8] = Transpose(%a) {perm=[0 3 1 2]}
%q: f32[1x6x8x3] = Relu(%a)
%r: f32[1x3x8x6] = Transpose(%b) {perm=[0 3 2 1]}
%s: f32[1x7x6x8] = Transpose(%c) {perm=[0 3 1 2]}
%t: f32[1x7x6x8] = Relu(%s)
%u: f32[1x3x6x8] = Transpose(%d) {perm=[0 3 1 2]}
output %p
output %q
output %r
output %t
output %u
)");
}

}  // namespace
}  // namespace sixtops::passes
