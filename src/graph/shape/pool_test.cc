#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(PoolShape, CountsWindows) {
  EXPECT_EQ(inferred("input %x: f32[1x2x5x5] %y: f32[..], %i: i64[..] = MaxPool(%x) {kernel_shape=[2 2] strides=[2 2] "
                     "ceil_mode=1}"),
            "f32[1x2x3x3], i64[1x2x3x3]");
  EXPECT_EQ(inferred("input %x: f32[?x2x5x?] %y: f32[..] = GlobalAveragePool(%x)"), "f32[?x2x1x1]");
  EXPECT_EQ(inferred("input %x: f32[..] %y: f32[..] = AveragePool(%x) {kernel_shape=[2 2]}"), "f32[..]");
  EXPECT_THAT(inferred("input %x: f32[1x2] %y: f32[..] = GlobalMaxPool(%x)"), HasSubstr("spatial"));
}

TEST(PoolShape, MaxUnpool) {
  const std::string data = "input %x: f32[1x1x2x2] input %i: i64[1x1x2x2] ";
  EXPECT_EQ(inferred(data + "%y: f32[..] = MaxUnpool(%x, %i) {kernel_shape=[2 2] strides=[2 2]}"), "f32[1x1x4x4]");
  EXPECT_EQ(inferred(data + "const %s: i64[4] = {1 1 5 5} %y: f32[..] = MaxUnpool(%x, %i, %s) {kernel_shape=[2 2] "
                            "strides=[2 2]}"),
            "f32[1x1x5x5]");
  EXPECT_EQ(inferred(data + "input %s: i64[4] %y: f32[..] = MaxUnpool(%x, %i, %s) {kernel_shape=[2 2]}"),
            "f32[?x?x?x?]");
}

TEST(PoolShape, Col2Im) {
  EXPECT_EQ(inferred("input %x: f32[1x10x12] const %s: i64[2] = {5 6} const %b: i64[2] = {1 5} %y: f32[..] = "
                     "Col2Im(%x, %s, %b)"),
            "f32[1x2x5x6]");
  EXPECT_THAT(inferred("input %x: f32[1x9x12] const %s: i64[2] = {5 6} const %b: i64[2] = {1 5} %y: f32[..] = "
                       "Col2Im(%x, %s, %b)"),
              HasSubstr("9 rows"));
}

}  // namespace
}  // namespace sixtops
