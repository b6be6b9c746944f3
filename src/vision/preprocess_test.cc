#include "vision/preprocess.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/thread_pool.h"
#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

// The input as a picture again: channels last, every byte itself.
Result<Picture> input_picture(const Picture& picture, int width, int height, ResizeMode mode, uint8_t pad_color,
                              Placement* placement = nullptr) {
  std::vector<std::array<uint8_t, 256>> bytes(3);
  for (auto& table : bytes) std::iota(table.begin(), table.end(), uint8_t{0});
  Picture input = make_picture(std::clamp(width, 1, 1000), std::clamp(height, 1, 1000)).value();
  TRY(write_input<uint8_t>(picture,
                           {.width = width,
                            .height = height,
                            .resize = mode,
                            .pad_color = pad_color,
                            .color = ColorOrder::kRgb,
                            .channels_last = true},
                           bytes, input.rgb.data(), placement));
  return input;
}

TEST(WriteInput, LetterboxPadsAround) {
  Picture white = make_picture(40, 20).value();
  for (uint8_t& byte : white.rgb) byte = 255;
  Placement placement;
  const Picture input = input_picture(white, 64, 64, ResizeMode::kLetterbox, 114, &placement).value();
  EXPECT_EQ(placement.content_top, 16);
  for (int y = 0; y < 64; ++y) {
    const int expected = y >= 16 && y < 48 ? 255 : 114;
    for (int i = 0; i < 64 * 3; ++i) ASSERT_EQ(input.row(y)[i], expected) << y;
  }
}

TEST(WriteInput, TopLeftPadsBelow) {
  Picture white = make_picture(40, 20).value();
  for (uint8_t& byte : white.rgb) byte = 255;
  const Picture input = input_picture(white, 20, 20, ResizeMode::kLetterboxTopLeft, 7).value();
  EXPECT_EQ(input.row(9)[0], 255);
  EXPECT_EQ(input.row(10)[0], 7);
}

TEST(WriteInput, CropAveragesAreasWhenItShrinksAndInterpolatesWhenItGrows) {
  // A stripe of one column in the part that is kept: averaged it leaves a trace in any place.
  Picture stripes = make_picture(160, 160).value();
  for (int y = 0; y < 160; ++y) stripes.row(y)[3 * 30] = 200;
  const Picture small = input_picture(stripes, 14, 14, ResizeMode::kCrop, 0).value();
  int sum = 0;
  for (int x = 0; x < 14; ++x) sum += small.row(5)[3 * x];
  EXPECT_EQ(sum, 20);  // over 10 columns
  const Picture large = input_picture(stripes, 280, 280, ResizeMode::kCrop, 0).value();
  EXPECT_EQ(large.row(5)[3 * 40], 150);  // three quarters of the stripe: column 20 of the crop, twice as large
}

TEST(WriteInput, RefusesImpossibleInputs) {
  const Picture picture = noise_picture(4, 4);
  EXPECT_EQ(input_picture(picture, 0, 10, ResizeMode::kStretch, 0).status().code(), StatusCode::kInvalidData);
  EXPECT_EQ(input_picture(picture, 40000, 10, ResizeMode::kStretch, 0).status().code(), StatusCode::kInvalidData);
}

TEST(WriteInput, OrdersChannelsAndLooksUpEachOne) {
  Picture picture = make_picture(2, 1).value();
  picture.rgb = {10, 20, 30, 40, 50, 60};
  std::vector<std::array<float, 256>> tables(3);
  for (size_t c = 0; c < 3; ++c) {
    for (size_t p = 0; p < 256; ++p) tables[c][p] = static_cast<float>(1000 * c + p);
  }
  std::vector<float> out(6);
  InputFormat format = {.width = 2, .height = 1, .color = ColorOrder::kRgb};
  ASSERT_TRUE(write_input<float>(picture, format, tables, out.data(), nullptr).ok());
  EXPECT_EQ(out, (std::vector<float>{10, 40, 1020, 1050, 2030, 2060}));
  format.color = ColorOrder::kBgr;
  ASSERT_TRUE(write_input<float>(picture, format, tables, out.data(), nullptr).ok());
  EXPECT_EQ(out, (std::vector<float>{30, 60, 1020, 1050, 2010, 2040}));
  format.channels_last = true;
  ASSERT_TRUE(write_input<float>(picture, format, tables, out.data(), nullptr).ok());
  EXPECT_EQ(out, (std::vector<float>{30, 1020, 2010, 60, 1050, 2040}));
}

TEST(WriteInput, MakesCodesOfGreyPictures) {
  Picture picture = make_picture(3, 2).value();
  picture.rgb = {255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 100, 200};
  std::vector<std::array<int8_t, 256>> tables(1);
  for (size_t p = 0; p < 256; ++p) tables[0][p] = static_cast<int8_t>(static_cast<int>(p) - 128);
  std::vector<int8_t> out(6);
  const InputFormat format = {.width = 3, .height = 2, .color = ColorOrder::kGray};
  ASSERT_TRUE(write_input<int8_t>(picture, format, tables, out.data(), nullptr).ok());
  // 0.299 · 255 = 76, 0.587 · 255 = 150, 0.114 · 255 = 29, 2.99 + 58.7 + 22.8 = 84
  EXPECT_EQ(out, (std::vector<int8_t>{127, -128, 76 - 128, 150 - 128, 29 - 128, 84 - 128}));
}

TEST(WriteInput, IsTheSameOnOneThread) {
  const Picture picture = noise_picture(101, 67);
  const Picture all = input_picture(picture, 64, 48, ResizeMode::kLetterbox, 9).value();
  const ThreadLimit limit(1);
  EXPECT_EQ(input_picture(picture, 64, 48, ResizeMode::kLetterbox, 9).value().rgb, all.rgb);
}

}  // namespace
}  // namespace sixtops::vision
