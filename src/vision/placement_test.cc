#include "vision/placement.h"

#include <gtest/gtest.h>

namespace sixtops::vision {
namespace {

TEST(Place, LetterboxCentresAndRounds) {
  const Placement p = place(810, 1080, 640, 640, ResizeMode::kLetterbox);
  EXPECT_EQ(p.content_width, 480);
  EXPECT_EQ(p.content_height, 640);
  EXPECT_EQ(p.content_left, 80);
  EXPECT_EQ(p.content_top, 0);
}

TEST(Place, LetterboxGivesTheOddPixelOfPaddingToTheEnd) {
  const Placement p = place(640, 426, 640, 427 + 0, ResizeMode::kLetterbox);
  EXPECT_EQ(p.content_height, 426);
  EXPECT_EQ(p.content_top, 0);
  EXPECT_EQ(place(640, 425, 640, 640, ResizeMode::kLetterbox).content_top, 107);  // (640 - 425) / 2 = 107.5
}

TEST(Place, TopLeftTruncates) {
  // 416 / 1080 · 809 = 311.6
  const Placement top_left = place(809, 1080, 416, 416, ResizeMode::kLetterboxTopLeft);
  EXPECT_EQ(top_left.content_width, 311);
  EXPECT_EQ(top_left.content_left, 0);
  EXPECT_EQ(top_left.offset_x, 0);
  EXPECT_EQ(place(809, 1080, 416, 416, ResizeMode::kLetterbox).content_width, 312);
}

TEST(Place, StretchFillsTheInput) {
  const Placement p = place(100, 50, 300, 300, ResizeMode::kStretch);
  EXPECT_EQ(p.scale_x, 3);
  EXPECT_EQ(p.scale_y, 6);
  EXPECT_EQ(p.content_width, 300);
}

TEST(Place, CropTakesTheCentreSquare) {
  const Placement p = place(400, 200, 128, 128, ResizeMode::kCrop);
  EXPECT_EQ(p.source_width, 175);
  EXPECT_EQ(p.source_height, 175);
  EXPECT_EQ(p.source_left, 112);
  EXPECT_EQ(p.source_top, 12);
}

TEST(Place, ExtremeAspectKeepsOnePixel) {
  const Placement p = place(10000, 1, 64, 64, ResizeMode::kLetterbox);
  EXPECT_EQ(p.content_width, 64);
  EXPECT_EQ(p.content_height, 1);
  EXPECT_EQ(place(10000, 1, 64, 64, ResizeMode::kLetterboxTopLeft).content_height, 1);
  EXPECT_EQ(place(1, 1, 64, 64, ResizeMode::kCrop).source_width, 1);
}

TEST(MapToPicture, InvertsThePlacement) {
  for (const ResizeMode mode :
       {ResizeMode::kLetterbox, ResizeMode::kLetterboxTopLeft, ResizeMode::kStretch, ResizeMode::kCrop}) {
    const Placement p = place(811, 1079, 320, 352, mode);
    const auto forward = [&](double value, double scale, double offset) {
      return static_cast<float>(value * scale + offset);
    };
    const Box inside{forward(200, p.scale_x, p.offset_x), forward(300, p.scale_y, p.offset_y),
                     forward(500.5, p.scale_x, p.offset_x), forward(700.25, p.scale_y, p.offset_y)};
    const auto mapped = map_to_picture({{inside, 0.5F, 3}}, p, 811, 1079);
    ASSERT_EQ(mapped.size(), 1U);
    EXPECT_NEAR(mapped[0].box.left, 200, 1e-3);
    EXPECT_NEAR(mapped[0].box.top, 300, 1e-3);
    EXPECT_NEAR(mapped[0].box.right, 500.5, 1e-3);
    EXPECT_NEAR(mapped[0].box.bottom, 700.25, 1e-3);
    EXPECT_EQ(mapped[0].class_id, 3);
  }
}

TEST(MapToPicture, ClipsAndDropsWhatLiesInThePadding) {
  const Placement p = place(100, 50, 100, 100, ResizeMode::kLetterbox);  // rows 25 to 75
  const auto mapped = map_to_picture({{{-10, 0, 110, 100}, 0.9F, 0}, {{10, 0, 20, 24}, 0.8F, 0}}, p, 100, 50);
  ASSERT_EQ(mapped.size(), 1U);
  EXPECT_EQ(mapped[0].box.left, 0);
  EXPECT_EQ(mapped[0].box.top, 0);
  EXPECT_EQ(mapped[0].box.right, 100);
  EXPECT_EQ(mapped[0].box.bottom, 50);
}

}  // namespace
}  // namespace sixtops::vision
