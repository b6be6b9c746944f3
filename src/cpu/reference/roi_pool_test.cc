#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

// 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15: the value is 4 · row + column.
const Tensor kRamp = floats({1, 1, 4, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});

TEST(MaxRoiPool, TakesTheLargestOfEachBin) {
  const AttributeList attributes = {{"pooled_shape", Ints{2, 2}}};
  EXPECT_OUTPUT(run(Op::kMaxRoiPool, {kRamp, floats({1, 5}, {0, 0, 0, 3, 3})}, attributes),
                floats({1, 1, 2, 2}, {5, 7, 13, 15}));
  EXPECT_OUTPUT(run(Op::kMaxRoiPool, {kRamp, floats({1, 5}, {0, 2, 2, 8, 4})},
                    {{"pooled_shape", Ints{1, 1}}, {"spatial_scale", 0.5F}}),
                floats({1, 1, 1, 1}, {11}));
  EXPECT_ERROR(run(Op::kMaxRoiPool, {kRamp, floats({1, 5}, {1, 0, 0, 3, 3})}, attributes), StatusCode::kInvalidData,
               "picture 1 of a batch of 1");
}

TEST(MaxRoiPool, GivesZeroForBinsOutside) {
  EXPECT_OUTPUT(run(Op::kMaxRoiPool, {kRamp, floats({1, 5}, {0, 10, 10, 12, 12})}, {{"pooled_shape", Ints{1, 1}}}),
                floats({1, 1, 1, 1}, {0}));
}

TEST(RoiAlign, InterpolatesALinearRampExactly) {
  const Tensor picture = int64s({1}, {0});
  // Half pixel: the region 1..3 covers elements 0.5..2.5; bin centres at 1 and 2 along x, 1.5 along y.
  EXPECT_OUTPUT_NEAR(run(Op::kRoiAlign, {kRamp, floats({1, 4}, {1, 1, 3, 3}), picture},
                         {{"output_width", int64_t{2}}, {"output_height", int64_t{1}}, {"sampling_ratio", int64_t{1}}}),
                     floats({1, 1, 1, 2}, {4 * 1.5F + 1, 4 * 1.5F + 2}), 1e-5);
  EXPECT_OUTPUT_NEAR(run(Op::kRoiAlign, {kRamp, floats({1, 4}, {1, 1, 3, 3}), picture},
                         {{"coordinate_transformation_mode", std::string("output_half_pixel")}}),
                     floats({1, 1, 1, 1}, {4 * 2 + 2}), 1e-5);
}

TEST(RoiAlign, ClampsAtTheBorderAndIsZeroBeyond) {
  const Tensor picture = int64s({1}, {0});
  const AttributeList attributes = {{"sampling_ratio", int64_t{1}}};
  EXPECT_OUTPUT_NEAR(run(Op::kRoiAlign, {kRamp, floats({1, 4}, {3.5F, 3.5F, 4.5F, 4.5F}), picture}, attributes),
                     floats({1, 1, 1, 1}, {15}), 1e-5);
  EXPECT_OUTPUT(run(Op::kRoiAlign, {kRamp, floats({1, 4}, {8, 8, 9, 9}), picture}, attributes),
                floats({1, 1, 1, 1}, {0}));
}

TEST(RoiAlign, RefusesNonsense) {
  const auto status = [](const Tensor& rois, const Tensor& pictures) {
    return run(Op::kRoiAlign, {kRamp, rois, pictures});
  };
  EXPECT_ERROR(status(floats({1, 4}, {0, 0, 1, 1}), int64s({1}, {-1})), StatusCode::kInvalidData, "picture -1");
  EXPECT_ERROR(status(floats({1, 4}, {0, 0, 1e8F, 1e8F}), int64s({1}, {0})), StatusCode::kInvalidData, "samples a bin");
  EXPECT_ERROR(status(floats({1, 4}, {0, 0, 1e30F, 1}), int64s({1}, {0})), StatusCode::kInvalidData, "coordinate");
  EXPECT_ERROR(run(Op::kRoiAlign, {kRamp, floats({1, 4}, {0, 0, 1, 1}), int64s({1}, {0})}, {{"spatial_scale", 1e30F}}),
               StatusCode::kInvalidData, "coordinate");
  EXPECT_ERROR(status(floats({1, 4}, {0, 0, 1, 1}), int64s({2}, {0, 0})), StatusCode::kInvalidData, "2 batch indices");
}

}  // namespace
}  // namespace sixtops::cpu::reference
