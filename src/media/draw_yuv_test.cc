#include "media/draw_yuv.h"

#include <gtest/gtest.h>

#include "media/privacy_mask.h"

namespace sixtops::media {
namespace {

TEST(YuvPen, DrawsBoxesOfTheClassColorAndNothingElsewhere) {
  const YuvPicture picture = make_yuv_picture(101, 75).value();
  YuvPen pen(nullptr);
  const std::vector<CaptionedBox> boxes = {{{20, 10, 80, 60}, 3, "ignored"}};
  pen.draw(picture, boxes);
  const vision::Color color = vision::class_color(3);
  const std::array<uint8_t, 3> bytes = yuv_color(picture, color.red, color.green, color.blue);
  EXPECT_EQ(picture.row(0, 10)[40], bytes[0]);
  EXPECT_EQ(picture.row(1, 5)[20], bytes[1]);
  EXPECT_EQ(picture.row(2, 5)[20], bytes[2]);
  EXPECT_EQ(picture.row(0, 35)[50], 16);  // inside
  EXPECT_EQ(picture.row(0, 70)[95], 16);  // outside
}

TEST(YuvPen, BoxesBeyondThePictureAreCut) {
  const YuvPicture picture = make_yuv_picture(33, 17).value();
  YuvPen pen(nullptr);
  const std::vector<CaptionedBox> boxes = {
      {{-1e9F, -1e9F, 1e9F, 1e9F}, 0, ""}, {{30, 15, 50, 50}, 1, ""}, {{40, 40, 50, 50}, 2, ""}};
  pen.draw(picture, boxes);
  pen.draw_line(picture, -50, -50, 500, 500, {255, 255, 255});
}

TEST(YuvPen, CaptionsStandOutFromTheirField) {
  const std::unique_ptr<vision::Font> font = vision::Font::find_installed();
  if (font == nullptr) GTEST_SKIP() << "no font is installed";
  const YuvPicture picture = make_yuv_picture(320, 240).value();
  YuvPen pen(font.get());
  const std::vector<CaptionedBox> boxes = {{{100, 100, 200, 200}, 5, "person 0.87"}};
  pen.draw(picture, boxes);
  const vision::Color field = vision::class_color(5);
  const int text = yuv_color(picture, vision::text_color(field).red, vision::text_color(field).green,
                             vision::text_color(field).blue)[0];
  int of_text = 0;
  for (int y = 80; y < 100; ++y) {
    for (int x = 100; x < 200; ++x) of_text += picture.row(0, y)[x] == text ? 1 : 0;
  }
  EXPECT_GT(of_text, 20);
}

TEST(PrivacyMask, BlackensThePolygonOnly) {
  const YuvPicture picture = make_yuv_picture(41, 31).value();
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < picture.plane_height(plane); ++y)
      std::fill_n(picture.row(plane, y), picture.plane_width(plane), 200);
  }
  const std::vector<vision::Polygon> masks = {{{0.5, 0}, {1, 0}, {1, 1}, {0.5, 1}}};
  black_out(picture, masks);
  for (int y = 0; y < 31; ++y) {
    EXPECT_EQ(picture.row(0, y)[40], 16);
    EXPECT_EQ(picture.row(0, y)[22], 16);
    EXPECT_EQ(picture.row(0, y)[10], 200);
    EXPECT_EQ(picture.row(1, y / 2)[20], 128);
    EXPECT_EQ(picture.row(1, y / 2)[5], 200);
  }
}

TEST(PrivacyMask, PolygonsBeyondThePictureAreCut) {
  const YuvPicture picture = make_yuv_picture(8, 8).value();
  const std::vector<vision::Polygon> masks = {{{-5, -5}, {9, -5}, {9, 9}, {-5, 9}}};
  black_out(picture, masks);
  EXPECT_EQ(picture.row(1, 3)[3], 128);
}

}  // namespace
}  // namespace sixtops::media
