#include "vision/format/png.h"

#include <gtest/gtest.h>
#include <png.h>

#include <random>

#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

void append(png_structp png, png_bytep data, size_t size) {
  auto* bytes = static_cast<std::vector<std::byte>*>(png_get_io_ptr(png));
  bytes->insert(bytes->end(), reinterpret_cast<std::byte*>(data), reinterpret_cast<std::byte*>(data) + size);
}

// rows: packed as the format wants them, all of the same length.
std::vector<std::byte> encode_with(int color_type, int bits, int interlace, int width,
                                   std::vector<std::vector<uint8_t>> rows, const std::vector<png_color>& palette = {}) {
  std::vector<std::byte> bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &bytes, append, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(rows.size()), bits, color_type,
               interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  png_write_info(png, info);
  std::vector<png_bytep> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

std::vector<uint8_t> decoded_bytes(const std::vector<std::byte>& bytes) {
  const Result<Picture> picture = decode_png(bytes);
  EXPECT_TRUE(picture.ok()) << picture.status().message();
  return picture.ok() ? picture->rgb : std::vector<uint8_t>();
}

using Bytes = std::vector<uint8_t>;

TEST(Png, ComesBackTheSame) {
  const Picture picture = noise_picture(37, 21);
  const std::vector<std::byte> bytes = encode_png(picture).value();
  ASSERT_TRUE(is_png(bytes));
  EXPECT_EQ(decode_png(bytes).value().rgb, picture.rgb);
}

TEST(Png, ReadsGreyOfEveryDepth) {
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_GRAY, 1, 0, 2, {{0x40}})), (Bytes{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_GRAY, 2, 0, 2, {{0x60}})), (Bytes{85, 85, 85, 170, 170, 170}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_GRAY, 4, 0, 2, {{0x1F}})), (Bytes{17, 17, 17, 255, 255, 255}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_GRAY, 8, 0, 2, {{7, 9}})), (Bytes{7, 7, 7, 9, 9, 9}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_GRAY, 16, 0, 2, {{7, 255, 9, 0}})), (Bytes{7, 7, 7, 9, 9, 9}));
}

TEST(Png, DropsAlpha) {
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0, 1, {{7, 0}})), (Bytes{7, 7, 7}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_RGB_ALPHA, 8, 0, 1, {{1, 2, 3, 0}})), (Bytes{1, 2, 3}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_RGB_ALPHA, 16, 0, 1, {{1, 9, 2, 9, 3, 9, 0, 0}})),
            (Bytes{1, 2, 3}));
}

TEST(Png, ReadsPalettesAndSixteenBits) {
  const std::vector<png_color> palette = {{10, 20, 30}, {40, 50, 60}};
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_PALETTE, 1, 0, 2, {{0x40}}, palette)),
            (Bytes{10, 20, 30, 40, 50, 60}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_PALETTE, 8, 0, 2, {{1, 0}}, palette)),
            (Bytes{40, 50, 60, 10, 20, 30}));
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_RGB, 16, 0, 1, {{1, 255, 2, 255, 3, 255}})), (Bytes{1, 2, 3}));
}

TEST(Png, ReadsInterlacedFiles) {
  const Picture picture = noise_picture(19, 23);
  std::vector<Bytes> rows;
  for (int y = 0; y < 23; ++y) rows.emplace_back(picture.row(y), picture.row(y) + 19 * 3);
  EXPECT_EQ(decoded_bytes(encode_with(PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_ADAM7, 19, rows)), picture.rgb);
}

TEST(Png, WithoutItsEndIsAnError) {
  const std::vector<std::byte> bytes = encode_png(noise_picture(16, 16)).value();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(decode_png(ByteSpan(bytes).subspan(0, size)).status().code(), StatusCode::kInvalidData) << size;
  }
}

// A header that promises what is not there, with a checksum that fits.
TEST(Png, WhoseSizeIsALieIsRefusedBeforeAllocation) {
  std::vector<std::byte> bytes = encode_with(PNG_COLOR_TYPE_GRAY, 1, 0, 16000, {Bytes(2000)});
  ASSERT_LT(bytes.size(), 200U);
  bytes[22] = std::byte{0x3E};  // height 15873
  std::vector<std::byte> header(bytes.begin() + 12, bytes.begin() + 29);
  uint32_t crc = 0xFFFFFFFF;
  for (const std::byte byte : header) {
    crc ^= std::to_integer<uint32_t>(byte);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  crc = ~crc;
  for (size_t i = 0; i < 4; ++i) bytes[29 + i] = static_cast<std::byte>(crc >> (24 - 8 * i));
  const Status status = decode_png(bytes).status();
  EXPECT_NE(status.message().find("cannot come from"), std::string::npos) << status.message();
}

TEST(Png, SurvivesDamage) {
  std::mt19937 random(1);
  const std::vector<std::byte> good = encode_png(noise_picture(12, 12)).value();
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> bytes = good;
    bytes[random() % bytes.size()] ^= static_cast<std::byte>(1 << random() % 8);
    (void)decode_png(bytes);
  }
}

}  // namespace
}  // namespace sixtops::vision
