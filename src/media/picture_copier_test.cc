#include "media/picture_copier.h"

#include <gtest/gtest.h>

namespace sixtops::media {
namespace {

TEST(PictureCopier, UsesMemoryAgainThatNobodyHolds) {
  const YuvPicture gray = make_yuv_picture(33, 17).value();
  PictureCopier copier;
  YuvPicture first = copier.copy(gray).value();
  const uint8_t* const memory = first.planes[0];
  EXPECT_NE(memory, gray.planes[0]);
  first.row(0, 0)[0] = 200;
  const YuvPicture second = copier.copy(gray).value();  // `first` is still looked at
  EXPECT_NE(second.planes[0], memory);
  first = {};
  const YuvPicture third = copier.copy(gray).value();
  EXPECT_EQ(third.planes[0], memory);
  EXPECT_EQ(third.row(0, 0)[0], gray.row(0, 0)[0]);
}

TEST(PictureCopier, FollowsSizeAndColors) {
  PictureCopier copier;
  for (const int width : {16, 32, 16}) {
    for (const YuvMatrix matrix : {YuvMatrix::kBt601, YuvMatrix::kBt709}) {
      const YuvPicture copy = copier.copy(make_yuv_picture(width, 16, matrix, true).value()).value();
      EXPECT_EQ(copy.width, width);
      EXPECT_EQ(copy.matrix, matrix);
      EXPECT_TRUE(copy.full_range);
      EXPECT_EQ(copy.row(0, 15)[width - 1], 0);
    }
  }
}

}  // namespace
}  // namespace sixtops::media
