#include "vision/draw.h"

#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

Color pixel(const Picture& picture, int x, int y) {
  const uint8_t* p = picture.row(y) + 3 * x;
  return {p[0], p[1], p[2]};
}

constexpr Color kBlack{0, 0, 0};

TEST(ClassColor, DiffersBetweenNeighbours) {
  for (int a = 0; a < 80; ++a) {
    for (int b = a + 1; b < a + 5; ++b) {
      const Color x = class_color(a), y = class_color(b);
      EXPECT_GT(std::abs(x.red - y.red) + std::abs(x.green - y.green) + std::abs(x.blue - y.blue), 60) << a << " " << b;
    }
  }
}

TEST(DrawDetections, DrawsTheBorderAndLeavesTheInside) {
  Picture picture = make_picture(200, 200).value();
  for (uint8_t& byte : picture.rgb) byte = 99;
  draw_detections(picture, std::vector<Detection>{{{50, 60, 150, 160}, 0.5F, 2}}, {}, nullptr);
  const Color color = class_color(2);
  EXPECT_EQ(pixel(picture, 50, 100), color);
  EXPECT_EQ(pixel(picture, 149, 100), color);
  EXPECT_EQ(pixel(picture, 100, 60), color);
  EXPECT_EQ(pixel(picture, 100, 159), color);
  EXPECT_EQ(pixel(picture, 49, 100), kBlack);
  EXPECT_EQ(pixel(picture, 150, 100), kBlack);
  EXPECT_EQ(pixel(picture, 100, 100), (Color{99, 99, 99}));
  EXPECT_EQ(pixel(picture, 40, 100), (Color{99, 99, 99}));
}

TEST(DrawDetections, TheBestIsOnTop) {
  Picture picture = make_picture(100, 100).value();
  const Box box{20, 20, 80, 80};
  draw_detections(picture, std::vector<Detection>{{box, 0.9F, 1}, {box, 0.5F, 2}}, {}, nullptr);
  EXPECT_EQ(pixel(picture, 20, 50), class_color(1));
}

TEST(DrawDetections, SurvivesBoxesBeyondThePicture) {
  std::unique_ptr<Font> font = Font::find_installed();
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 500}, {400, 2}}) {
    Picture picture = make_picture(width, height).value();
    draw_detections(
        picture,
        std::vector<Detection>{
            {{-1e30F, -1e30F, 1e30F, 1e30F}, 0.9F, 1}, {{-50, -50, -10, -10}, 0.9F, -7}, {{5, 5, 2, 2}, 0.5F, 1 << 30}},
        {"a", "b"}, font.get());
    EXPECT_EQ(picture.rgb.size(), static_cast<size_t>(3 * width * height));
  }
}

TEST(DrawDetections, WritesTheLabelAboveTheBoxAndInsideAtTheTop) {
  std::unique_ptr<Font> font = Font::find_installed();
  if (font == nullptr) GTEST_SKIP() << "no font installed";
  for (const float top : {100.0F, 0.0F}) {
    Picture picture = make_picture(300, 300).value();
    draw_detections(picture, std::vector<Detection>{{{50, top, 200, 200}, 0.5F, 0}}, {"person"}, font.get());
    const int first = top > 0 ? 100 - 12 : 4;
    int field = 0, text = 0;
    for (int y = first; y < first + 8; ++y) {
      for (int x = 52; x < 100; ++x) {
        field += pixel(picture, x, y) == class_color(0);
        text += pixel(picture, x, y) != class_color(0);
      }
    }
    EXPECT_GT(field, 100) << top;
    EXPECT_GT(text, 50) << top;
  }
}

}  // namespace
}  // namespace sixtops::vision
