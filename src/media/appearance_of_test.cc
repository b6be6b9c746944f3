#include "media/appearance_of.h"

#include <gtest/gtest.h>

#include <cstring>

namespace sixtops::media {
namespace {

TEST(AppearanceOf, IsTheMeanOfUpperAndLowerHalf) {
  const YuvPicture picture = make_yuv_picture(101, 81).value();
  for (int y = 0; y < 40; ++y) std::memset(picture.row(0, y), 200, 101);
  for (int y = 0; y < 20; ++y) std::memset(picture.row(1, y), 90, 51);
  const vision::Appearance look = appearance_of(picture, {10, 0, 90, 80});
  EXPECT_FLOAT_EQ(look.means[0], 200);
  EXPECT_FLOAT_EQ(look.means[1], 90);
  EXPECT_FLOAT_EQ(look.means[2], 128);
  EXPECT_FLOAT_EQ(look.means[3], 16);
  EXPECT_FLOAT_EQ(look.means[4], 128);
}

TEST(AppearanceOf, BoxesBeyondThePictureReadItsBorder) {
  const YuvPicture picture = make_yuv_picture(7, 5).value();
  for (const vision::Box& box : {vision::Box{-1e6F, -1e6F, 1e6F, 1e6F}, vision::Box{50, 50, 40, 40}, vision::Box{}}) {
    EXPECT_FLOAT_EQ(appearance_of(picture, box).means[0], 16);
  }
}

}  // namespace
}  // namespace sixtops::media
