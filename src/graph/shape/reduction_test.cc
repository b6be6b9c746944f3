#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(ReductionShape, AxesFromAttributeInputOrNone) {
  EXPECT_EQ(inferred("input %x: f32[2x3x4] %y: f32[..] = ReduceMean(%x) {axes=[-1] keepdims=0}"), "f32[2x3]");
  EXPECT_EQ(inferred("input %x: f32[2x?x4] const %a: i64[1] = {0} %y: f32[..] = ReduceSum(%x, %a)"), "f32[1x?x4]");
  EXPECT_EQ(inferred("input %x: f32[2x3] input %a: i64[1] %y: f32[..] = ReduceSum(%x, %a)"), "f32[?x?]");
  EXPECT_EQ(inferred("input %x: f32[2x3] input %a: i64[1] %y: f32[..] = ReduceSum(%x, %a) {keepdims=0}"), "f32[..]");
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..] = ReduceMax(%x) {keepdims=0}"), "f32[scalar]");
  EXPECT_EQ(inferred("input %x: f32[2x3] const %a: i64[0] = {} %y: f32[..] = ReduceMax(%x, %a) "
                     "{noop_with_empty_axes=1}"),
            "f32[2x3]");
  EXPECT_THAT(inferred("input %x: f32[2x3] %y: f32[..] = ReduceMax(%x) {axes=[0 -2]}"), HasSubstr("twice"));
}

TEST(ReductionShape, ArgMaxAndTopK) {
  EXPECT_EQ(inferred("input %x: f32[2x3] %y: f32[..] = ArgMax(%x) {axis=1 keepdims=0}"), "i64[2]");
  EXPECT_EQ(inferred("input %x: f32[2x9] const %k: i64[1] = {5} %y: f32[..], %i: i64[..] = TopK(%x, %k)"),
            "f32[2x5], i64[2x5]");
  EXPECT_EQ(inferred("input %x: f32[2x9] input %k: i64[1] %y: f32[..], %i: i64[..] = TopK(%x, %k) {axis=0}"),
            "f32[?x9], i64[?x9]");
  EXPECT_THAT(inferred("input %x: f32[2x9] %y: f32[..], %i: i64[..] = TopK(%x) {k=10}"), HasSubstr("k 10"));
}

}  // namespace
}  // namespace sixtops
