#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(IndexingShape, GatherAndItsKin) {
  EXPECT_EQ(inferred("input %x: f32[2x3x4] input %i: i64[5x6] %y: f32[..] = Gather(%x, %i) {axis=1}"), "f32[2x5x6x4]");
  EXPECT_EQ(inferred("input %x: f32[2x3x4] input %i: i64[] %y: f32[..] = Gather(%x, %i) {axis=-1}"), "f32[2x3]");
  EXPECT_EQ(inferred("input %x: f32[2x3] input %i: i64[2x7] %y: f32[..] = GatherElements(%x, %i) {axis=1}"),
            "f32[2x7]");
  EXPECT_EQ(inferred("input %x: f32[2x3x4] input %i: i64[2x1] %y: f32[..] = GatherND(%x, %i) {batch_dims=1}"),
            "f32[2x4]");
  EXPECT_THAT(inferred("input %x: f32[2x3] input %i: i64[2x3] %y: f32[..] = GatherND(%x, %i)"), HasSubstr("indices"));
  EXPECT_THAT(inferred("input %x: f32[2] input %i: i64[1] %y: f32[..] = Gather(%x, %i) {axis=1}"), HasSubstr("axis"));
}

TEST(IndexingShape, ScatterAndReverse) {
  EXPECT_EQ(inferred("input %x: f32[4x5] input %i: i64[2x1] input %u: f32[2x5] %y: f32[..] = ScatterND(%x, %i, %u)"),
            "f32[4x5]");
  EXPECT_THAT(inferred("input %x: f32[4x5] input %i: i64[2x1] input %u: f32[2x4] %y: f32[..] = ScatterND(%x, %i, %u)"),
              HasSubstr("updates is 4 and 5"));
  EXPECT_THAT(inferred("input %x: f32[4x5] input %i: i64[2x1] input %u: f32[1x1] %y: f32[..] = "
                       "ScatterElements(%x, %i, %u)"),
              HasSubstr("updates is 2 and 1"));
  EXPECT_THAT(inferred("input %x: f32[4x5] input %l: i64[4] %y: f32[..] = ReverseSequence(%x, %l)"),
              HasSubstr("batch size is 5 and 4"));
}

TEST(IndexingShape, DataDecides) {
  EXPECT_EQ(inferred("input %x: f32[4x5] input %c: bool[4] %y: f32[..] = Compress(%x, %c) {axis=0}"), "f32[?x5]");
  EXPECT_EQ(inferred("input %x: f32[4x5] input %c: bool[4] %y: f32[..] = Compress(%x, %c)"), "f32[?]");
  EXPECT_EQ(inferred("input %i: i64[4] const %d: i64[] = {3} input %v: f32[2] %y: f32[..] = OneHot(%i, %d, %v)"),
            "f32[4x3]");
  EXPECT_EQ(inferred("input %i: i64[4] input %d: i64[] input %v: f32[2] %y: f32[..] = OneHot(%i, %d, %v) {axis=0}"),
            "f32[?x4]");
}

}  // namespace
}  // namespace sixtops
