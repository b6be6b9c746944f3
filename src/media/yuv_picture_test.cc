#include "media/yuv_picture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "media/rgb_converter.h"

namespace sixtops::media {
namespace {

vision::Picture rgb_of(const YuvPicture& picture) {
  RgbConverter converter;
  return *converter.convert(picture).value();
}

// Smooth in all channels, so that chroma at half size loses little.
vision::Picture gradient(int width, int height) {
  vision::Picture picture = vision::make_picture(width, height).value();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* pixel = picture.row(y) + 3 * x;
      pixel[0] = static_cast<uint8_t>(255 * x / width);
      pixel[1] = static_cast<uint8_t>(255 * y / height);
      pixel[2] = static_cast<uint8_t>(255 * (x + y) / (width + height));
    }
  }
  return picture;
}

int largest_difference(const vision::Picture& a, const vision::Picture& b) {
  int most = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < 3 * a.width; ++x) most = std::max(most, std::abs(a.row(y)[x] - b.row(y)[x]));
  }
  return most;
}

TEST(YuvPicture, ThereAndBackForOddSizes) {
  for (const auto& [width, height] : {std::pair{64, 48}, {63, 47}, {1, 1}, {2, 3}, {17, 16}}) {
    const vision::Picture rgb = gradient(width, height);
    const YuvPicture yuv = yuv_from_rgb(rgb).value();
    EXPECT_EQ(yuv.plane_width(1), (width + 1) / 2);
    // Two pixels share their chroma: they differ by a step of the gradient, and rounding adds a few.
    const int tolerance = std::min(120, 255 / std::min(width, height) + 6);
    EXPECT_LE(largest_difference(rgb, rgb_of(yuv)), tolerance) << width << "x" << height;
  }
}

TEST(YuvPicture, ColorsAreThoseOfMatrixAndRange) {
  for (const YuvMatrix matrix : {YuvMatrix::kBt601, YuvMatrix::kBt709}) {
    for (const bool full : {false, true}) {
      const YuvPicture picture = make_yuv_picture(16, 16, matrix, full).value();
      EXPECT_EQ(largest_difference(rgb_of(picture), vision::make_picture(16, 16).value()), 0);
      for (const std::array<uint8_t, 3>& color :
           {std::array<uint8_t, 3>{200, 40, 90}, {255, 255, 255}, {10, 180, 60}}) {
        const std::array<uint8_t, 3> bytes = yuv_color(picture, color[0], color[1], color[2]);
        for (int plane = 0; plane < 3; ++plane) {
          for (int y = 0; y < picture.plane_height(plane); ++y) {
            std::fill_n(picture.row(plane, y), picture.plane_width(plane), bytes[static_cast<size_t>(plane)]);
          }
        }
        const vision::Picture rgb = rgb_of(picture);
        for (size_t c = 0; c < 3; ++c) EXPECT_NEAR(rgb.row(7)[3 * 7 + c], color[c], 3);
      }
    }
  }
}

TEST(YuvPicture, CopiesRepeatTheBorderOfOddSizes) {
  const YuvPicture picture = yuv_from_rgb(gradient(31, 21)).value();
  const YuvPicture copy = copy_pixels(picture).value();
  EXPECT_NE(copy.planes[0], picture.planes[0]);
  EXPECT_EQ(copy.row(0, 5)[31], copy.row(0, 5)[30]);
  EXPECT_EQ(copy.row(0, 21)[8], copy.row(0, 20)[8]);
}

TEST(YuvPicture, TurnsClockwise) {
  const vision::Picture rgb = gradient(40, 20);
  const YuvPicture turned = rotated(yuv_from_rgb(rgb).value(), 90).value();
  ASSERT_EQ(turned.width, 20);
  ASSERT_EQ(turned.height, 40);
  const vision::Picture back = rgb_of(turned);
  // The lower left corner comes to the upper left.
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(back.row(1)[3 + c], rgb.row(18)[3 + c], 14);
}

TEST(YuvPicture, RefusesSizesThatNoPictureHas) {
  EXPECT_FALSE(make_yuv_picture(0, 4).ok());
  EXPECT_FALSE(make_yuv_picture(vision::kMaxPictureSide + 1, 4).ok());
}

}  // namespace
}  // namespace sixtops::media
