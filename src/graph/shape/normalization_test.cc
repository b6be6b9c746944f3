#include <gmock/gmock.h>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::HasSubstr;
using testing::inferred;

TEST(NormalizationShape, ParametersHaveToFit) {
  EXPECT_EQ(inferred("input %x: f32[1x4x?x2] input %c: f32[4] %y: f32[..] = InstanceNormalization(%x, %c, %c)"),
            "f32[1x4x?x2]");
  EXPECT_THAT(inferred("input %x: f32[1x4x3x2] input %c: f32[3] %y: f32[..] = InstanceNormalization(%x, %c, %c)"),
              HasSubstr("channels is 4 and 3"));
  EXPECT_THAT(inferred("input %x: f32[1x4x3] input %c: f32[4] %y: f32[..] = GroupNormalization(%x, %c, %c) "
                       "{num_groups=3}"),
              HasSubstr("4 channels in 3 groups"));
}

TEST(NormalizationShape, LayerNormalizationGivesStatistics) {
  EXPECT_EQ(inferred("input %x: f16[2x3x4] input %c: f16[3x4] %y: f32[..], _, %s: f32[..] = "
                     "LayerNormalization(%x, %c) {axis=1}"),
            "f16[2x3x4], f32[2x1x1]");
  EXPECT_EQ(inferred("input %x: f32[2x4] input %c: f32[4] %y: f32[..] = RMSNormalization(%x, %c)"), "f32[2x4]");
  EXPECT_THAT(inferred("input %x: f32[2x3x4] input %c: f32[3] %y: f32[..] = LayerNormalization(%x, %c)"),
              HasSubstr("broadcast"));
}

}  // namespace
}  // namespace sixtops
