#include "vision/find_objects.h"

#include <gtest/gtest.h>

namespace sixtops::vision {
namespace {

TEST(FindObjects, DecodesSuppressesAndMapsBack) {
  // Two overlapping rows and one elsewhere, on a picture of 64 x 32 letterboxed to 32 x 32 (rows 8 to 24).
  const std::vector<int64_t> shape = {1, 4, 6};
  std::vector<float> values(4 * 6);
  const float rows[3][6] = {{8, 16, 8, 8, 1, 0.9F}, {9, 16, 8, 8, 1, 0.6F}, {24, 16, 40, 8, 1, 0.5F}};
  for (int r = 0; r < 3; ++r) std::copy_n(rows[r], 6, values.data() + 6 * r);
  const std::vector<TensorView> views = {{"out", shape, values}};
  const Placement placement = place(64, 32, 32, 32, ResizeMode::kLetterbox);
  const auto found =
      find_objects({HeadKind::kYolov5Decoded, 1, {}}, views, placement, {32, 32, 64, 32}, FindOptions{}).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FLOAT_EQ(found[0].score, 0.9F);
  EXPECT_FLOAT_EQ(found[0].box.left, 8);
  EXPECT_FLOAT_EQ(found[0].box.top, 8);
  EXPECT_FLOAT_EQ(found[0].box.bottom, 24);
  EXPECT_FLOAT_EQ(found[1].box.right, 64);  // clipped
}

}  // namespace
}  // namespace sixtops::vision
