#include "vision/format/bmp.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

std::string number(int64_t value, int width) {
  std::string text;
  for (int i = 0; i < width; ++i) text += static_cast<char>(i < 8 ? value >> 8 * i : 0);
  return text;
}

struct Parts {
  int64_t width = 2;
  int64_t height = 2;
  int bits = 24;
  int compression = 0;
  int palette_entries = 0;
  std::string behind_header = {};  // masks, palette, or the rest of a longer header
  std::string pixels = {};
  int info_bytes = 40;
};

std::vector<std::byte> bytes_of(const Parts& p) {
  const std::string info = number(p.info_bytes, 4) + number(p.width, 4) + number(p.height, 4) + number(1, 2) +
                           number(p.bits, 2) + number(p.compression, 4) + number(0, 12) + number(p.palette_entries, 4) +
                           number(0, 4) + p.behind_header;
  const auto offset = static_cast<int64_t>(14 + info.size());
  const std::string file = "BM" + number(offset + static_cast<int64_t>(p.pixels.size()), 4) + number(0, 4) +
                           number(offset, 4) + info + p.pixels;
  const auto bytes = std::as_bytes(std::span(file));
  return {bytes.begin(), bytes.end()};
}

std::string decoded(const Parts& parts) {
  const Result<Picture> picture = decode_bmp(bytes_of(parts));
  if (!picture.ok()) return picture.status().message();
  return {picture->rgb.begin(), picture->rgb.end()};
}

TEST(Bmp, ComesBackTheSame) {
  for (const int width : {1, 2, 3, 4, 37}) {
    const Picture picture = noise_picture(width, 5);
    const std::vector<std::byte> bytes = encode_bmp(picture).value();
    ASSERT_TRUE(is_bmp(bytes));
    EXPECT_EQ(decode_bmp(bytes).value().rgb, picture.rgb);
  }
}

TEST(Bmp, ReadsBothRowOrders) {
  const std::string rows("BGRbgr..1231ag..", 16);
  EXPECT_EQ(decoded({.pixels = rows}), "321ga1RGBrgb");
  EXPECT_EQ(decoded({.height = -2, .pixels = rows}), "RGBrgb321ga1");
}

TEST(Bmp, ReadsPalettes) {
  EXPECT_EQ(decoded({.bits = 8, .palette_entries = 2, .behind_header = "cba.fed.", .pixels = {"\1\0..\0\1..", 8}}),
            "abcdefdefabc");
  // A code beyond the palette is black.
  EXPECT_EQ(
      decoded({.width = 1, .height = 1, .bits = 8, .palette_entries = 1, .behind_header = "cba.", .pixels = "\7..."}),
      std::string(3, '\0'));
}

TEST(Bmp, ReadsThirtyTwoBitsWithAndWithoutMasks) {
  EXPECT_EQ(decoded({.width = 1, .height = 1, .bits = 32, .pixels = "bgr."}), "rgb");
  const std::string masks = number(0xFF, 4) + number(0xFF00, 4) + number(0xFF0000, 4);
  EXPECT_EQ(decoded({.width = 1, .height = 1, .bits = 32, .compression = 3, .behind_header = masks, .pixels = "rgb."}),
            "rgb");
}

TEST(Bmp, ReadsLongHeaders) {
  EXPECT_EQ(
      decoded({.width = 1, .height = 1, .behind_header = std::string(84, '\0'), .pixels = "bgr.", .info_bytes = 124}),
      "rgb");
}

TEST(Bmp, RefusesWhatItCannotRead) {
  EXPECT_NE(decoded({.bits = 16, .pixels = std::string(99, ' ')}).find("16 bits"), std::string::npos);
  EXPECT_NE(decoded({.bits = 8, .compression = 1, .pixels = std::string(99, ' ')}).find("compression 1"),
            std::string::npos);
  EXPECT_NE(decoded({.width = 0}).find("0 x 2"), std::string::npos);
  EXPECT_NE(decoded({.width = -5}).find("-5 x 2"), std::string::npos);
  EXPECT_NE(decoded({.height = INT32_MIN}).find("2147483648"), std::string::npos);
  EXPECT_NE(decoded({.width = 30000, .height = 8000}).find("do not fit"), std::string::npos);
  EXPECT_NE(decoded({.bits = 8, .palette_entries = 257, .pixels = std::string(9999, ' ')}).find("257"),
            std::string::npos);
  const std::string odd_mask = number(0xFF0, 4) + number(0xFF00, 4) + number(0xFF0000, 4);
  EXPECT_NE(
      decoded({.width = 1, .height = 1, .bits = 32, .compression = 3, .behind_header = odd_mask, .pixels = "rgb."})
          .find("0x00000ff0"),
      std::string::npos);
}

TEST(Bmp, WithoutItsEndIsAnError) {
  const std::vector<std::byte> bytes = encode_bmp(noise_picture(5, 4)).value();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_bmp(ByteSpan(bytes).subspan(0, size)).ok()) << size;
  }
}

TEST(Bmp, SurvivesDamage) {
  std::mt19937 random(1);
  const std::vector<std::byte> good =
      bytes_of({.bits = 8, .palette_entries = 2, .behind_header = "cba.fed.", .pixels = {"\1\0..\0\1..", 8}});
  for (int i = 0; i < 5000; ++i) {
    std::vector<std::byte> bytes = good;
    for (int k = 0; k < 2; ++k) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    (void)decode_bmp(bytes);
  }
}

}  // namespace
}  // namespace sixtops::vision
