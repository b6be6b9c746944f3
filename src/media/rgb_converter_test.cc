#include "media/rgb_converter.h"

#include <gtest/gtest.h>

#include <random>

namespace sixtops::media {
namespace {

YuvPicture noise(int width, int height, YuvMatrix matrix, bool full_range) {
  std::mt19937 random(7);
  const YuvPicture picture = make_yuv_picture(width, height, matrix, full_range).value();
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < picture.plane_height(plane); ++y) {
      for (int x = 0; x < picture.plane_width(plane); ++x) picture.row(plane, y)[x] = static_cast<uint8_t>(random());
    }
  }
  return picture;
}

TEST(RgbConverter, MiddlesAreThePixelsOfTheWholePicture) {
  for (const int step : {3, 5, 7}) {
    for (const auto& [width, height] : {std::pair{64, 36}, {34, 12}, {2, 4}}) {
      for (const bool full_range : {false, true}) {
        const YuvMatrix matrix = step == 5 ? YuvMatrix::kBt601 : YuvMatrix::kBt709;
        const YuvPicture picture = noise(width * step, height * step, matrix, full_range);
        ASSERT_TRUE(RgbConverter::has_middles(picture, step));
        RgbConverter whole, part;
        const vision::Picture& all = **whole.convert(picture);
        const vision::Picture& middles = **part.convert_middles(picture, step);
        ASSERT_EQ(middles.width, width);
        ASSERT_EQ(middles.height, height);
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) {
              EXPECT_EQ(middles.row(y)[3 * x + c], all.row(y * step + step / 2)[3 * (x * step + step / 2) + c])
                  << width << "x" << height << " by " << step << " at " << x << " " << y;
            }
          }
        }
      }
    }
  }
}

TEST(RgbConverter, SizesWithoutMiddles) {
  const YuvPicture picture = make_yuv_picture(96, 48).value();
  EXPECT_TRUE(RgbConverter::has_middles(picture, 3));
  EXPECT_FALSE(RgbConverter::has_middles(picture, 2));
  EXPECT_FALSE(RgbConverter::has_middles(picture, 5));
  EXPECT_FALSE(RgbConverter::has_middles(make_yuv_picture(99, 48).value(), 3));
  EXPECT_FALSE(RgbConverter::has_middles(make_yuv_picture(96, 42).value(), 3));
}

}  // namespace
}  // namespace sixtops::media
