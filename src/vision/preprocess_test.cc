#include "vision/preprocess.h"

#include <vector>

#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

TEST(ResizeToInput, LetterboxPadsAround) {
  Picture white = make_picture(40, 20).value();
  for (uint8_t& byte : white.rgb) byte = 255;
  Placement placement;
  const Picture input = resize_to_input(white, 64, 64, ResizeMode::kLetterbox, 114, &placement).value();
  EXPECT_EQ(placement.content_top, 16);
  for (int y = 0; y < 64; ++y) {
    const int expected = y >= 16 && y < 48 ? 255 : 114;
    for (int i = 0; i < 64 * 3; ++i) ASSERT_EQ(input.row(y)[i], expected) << y;
  }
}

TEST(ResizeToInput, TopLeftPadsBelow) {
  Picture white = make_picture(40, 20).value();
  for (uint8_t& byte : white.rgb) byte = 255;
  const Picture input = resize_to_input(white, 20, 20, ResizeMode::kLetterboxTopLeft, 7, nullptr).value();
  EXPECT_EQ(input.row(9)[0], 255);
  EXPECT_EQ(input.row(10)[0], 7);
}

TEST(ResizeToInput, CropAveragesAreasWhenItShrinksAndInterpolatesWhenItGrows) {
  // A stripe of one column in the part that is kept: averaged it leaves a trace in any place.
  Picture stripes = make_picture(160, 160).value();
  for (int y = 0; y < 160; ++y) stripes.row(y)[3 * 30] = 200;
  const Picture small = resize_to_input(stripes, 14, 14, ResizeMode::kCrop, 0, nullptr).value();
  int sum = 0;
  for (int x = 0; x < 14; ++x) sum += small.row(5)[3 * x];
  EXPECT_EQ(sum, 20);  // over 10 columns
  const Picture large = resize_to_input(stripes, 280, 280, ResizeMode::kCrop, 0, nullptr).value();
  EXPECT_EQ(large.row(5)[3 * 40], 150);  // three quarters of the stripe: column 20 of the crop, twice as large
}

TEST(ResizeToInput, RefusesImpossibleInputs) {
  const Picture picture = noise_picture(4, 4);
  EXPECT_EQ(resize_to_input(picture, 0, 10, ResizeMode::kStretch, 0, nullptr).status().code(),
            StatusCode::kInvalidData);
  EXPECT_EQ(resize_to_input(picture, 40000, 10, ResizeMode::kStretch, 0, nullptr).status().code(),
            StatusCode::kInvalidData);
}

TEST(ToPlanar, OrdersChannelsAndLooksUpEachOne) {
  Picture picture = make_picture(2, 1).value();
  picture.rgb = {10, 20, 30, 40, 50, 60};
  std::vector<std::array<float, 256>> tables(3);
  for (size_t c = 0; c < 3; ++c) {
    for (size_t p = 0; p < 256; ++p) tables[c][p] = static_cast<float>(1000 * c + p);
  }
  std::vector<float> out(6);
  to_planar_values(picture, ColorOrder::kRgb, tables, out.data());
  EXPECT_EQ(out, (std::vector<float>{10, 40, 1020, 1050, 2030, 2060}));
  to_planar_values(picture, ColorOrder::kBgr, tables, out.data());
  EXPECT_EQ(out, (std::vector<float>{30, 60, 1020, 1050, 2010, 2040}));
}

TEST(ToPlanar, MakesCodesOfGreyPictures) {
  Picture picture = make_picture(3, 2).value();
  picture.rgb = {255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 100, 200};
  std::vector<std::array<int8_t, 256>> tables(1);
  for (size_t p = 0; p < 256; ++p) tables[0][p] = static_cast<int8_t>(static_cast<int>(p) - 128);
  std::vector<int8_t> out(6);
  to_planar_codes(picture, ColorOrder::kGray, tables, out.data());
  // 0.299 · 255 = 76, 0.587 · 255 = 150, 0.114 · 255 = 29, 2.99 + 58.7 + 22.8 = 84
  EXPECT_EQ(out, (std::vector<int8_t>{127, -128, 76 - 128, 150 - 128, 29 - 128, 84 - 128}));
}

}  // namespace
}  // namespace sixtops::vision
