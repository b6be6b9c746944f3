#include "vision/resize.h"

#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

Rectangle all_of(const Picture& picture) { return {0, 0, picture.width, picture.height}; }

struct Case {
  int width, height, target_width, target_height;
  uint32_t digest;  // of what OpenCV 4.6 answers for the same noise
};

TEST(ResizeBilinear, HasTheBytesOfOpenCv) {
  for (const Case& c : std::initializer_list<Case>{{7, 5, 4, 6, 0x92a3a095},
                                                   {5, 7, 11, 3, 0xc1759263},
                                                   {64, 48, 32, 24, 0x98791f8e},
                                                   {1, 1, 3, 2, 0x62020abb},
                                                   {33, 17, 40, 29, 0x38bb2c1f},
                                                   {101, 67, 64, 64, 0xa1c00901},
                                                   {1920, 1080, 640, 360, 0xfdc25cdd},
                                                   {640, 480, 416, 312, 0x8b87c1e2},
                                                   {3, 200, 2, 5, 0xff554442}}) {
    const Picture source = noise_picture(c.width, c.height);
    Picture target = make_picture(c.target_width, c.target_height).value();
    resize_bilinear(source, all_of(source), target, all_of(target));
    EXPECT_EQ(digest(target), c.digest) << c.width << "x" << c.height << " to " << c.target_width << "x"
                                        << c.target_height;
  }
}

TEST(ResizeArea, HasTheBytesOfOpenCv) {
  for (const Case& c : std::initializer_list<Case>{{101, 67, 64, 64, 0xabee3b44},
                                                   {1920, 1080, 640, 360, 0xaae464ab},
                                                   {640, 480, 416, 312, 0x61372ea8},
                                                   {3, 200, 2, 5, 0xf5129ed9}}) {
    const Picture source = noise_picture(c.width, c.height);
    Picture target = make_picture(c.target_width, c.target_height).value();
    resize_area(source, all_of(source), target, all_of(target));
    EXPECT_EQ(digest(target), c.digest) << c.width << "x" << c.height << " to " << c.target_width << "x"
                                        << c.target_height;
  }
}

TEST(ResizeArea, AtHalfSizeIsBilinearUpToHalves) {
  const Picture source = noise_picture(64, 48);
  Picture area = make_picture(32, 24).value();
  Picture bilinear = area;
  resize_area(source, all_of(source), area, all_of(area));
  resize_bilinear(source, all_of(source), bilinear, all_of(bilinear));
  EXPECT_LE(largest_difference(area, bilinear), 1);
}

TEST(Resize, OfTheSameSizeCopies) {
  const Picture source = noise_picture(13, 9);
  Picture target = make_picture(13, 9).value();
  resize_bilinear(source, all_of(source), target, all_of(target));
  EXPECT_EQ(target.rgb, source.rgb);
  resize_area(source, all_of(source), target, all_of(target));
  EXPECT_EQ(target.rgb, source.rgb);
}

TEST(Resize, TouchesNothingOutsideOfTheRectangles) {
  // The rectangle is grey, all around it is white: a border that leaks in would show.
  Picture source = make_picture(20, 20).value();
  for (uint8_t& byte : source.rgb) byte = 255;
  for (int y = 5; y < 15; ++y) {
    for (int i = 3 * 4; i < 3 * 16; ++i) source.row(y)[i] = 100;
  }
  for (const auto resize : {resize_bilinear, resize_area}) {
    Picture target = make_picture(9, 9).value();
    resize(source, {4, 5, 12, 10}, target, {2, 1, 5, 6});
    for (int y = 0; y < 9; ++y) {
      for (int x = 0; x < 9; ++x) {
        const bool inside = x >= 2 && x < 7 && y >= 1 && y < 7;
        EXPECT_EQ(target.row(y)[3 * x], inside ? 100 : 0) << x << "," << y;
      }
    }
  }
}

}  // namespace
}  // namespace sixtops::vision
