#include "vision/format/jpeg.h"

#include <gtest/gtest.h>
#include <jpeglib.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

// What our own encoder does not write.
std::vector<std::byte> encode_with(J_COLOR_SPACE space, int components, bool progressive,
                                   const std::vector<uint8_t>& pixels, int width, int height) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = components;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 98, TRUE);
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<uint8_t*>(pixels.data()) +
                   size_t{info.next_scanline} * info.image_width * static_cast<size_t>(components);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const auto* begin = reinterpret_cast<const std::byte*>(buffer);
  std::vector<std::byte> bytes(begin, begin + size);
  std::free(buffer);
  return bytes;
}

TEST(Jpeg, ComesBackNearlyTheSame) {
  const Picture picture = gradient_picture(67, 45);
  const std::vector<std::byte> bytes = encode_jpeg(picture, 95).value();
  ASSERT_TRUE(is_jpeg(bytes));
  EXPECT_LE(largest_difference(decode_jpeg(bytes).value(), picture), 8);
}

TEST(Jpeg, ReadsProgressiveFiles) {
  const Picture picture = gradient_picture(64, 40);
  const Picture decoded = decode_jpeg(encode_with(JCS_RGB, 3, true, picture.rgb, 64, 40)).value();
  EXPECT_LE(largest_difference(decoded, picture), 8);
}

TEST(Jpeg, ReadsGreyFiles) {
  const Picture decoded = decode_jpeg(encode_with(JCS_GRAYSCALE, 1, false, std::vector<uint8_t>(64, 77), 8, 8)).value();
  for (const uint8_t byte : decoded.rgb) EXPECT_NEAR(byte, 77, 1);
}

TEST(Jpeg, ReadsFourInks) {
  // Stored inverted, as Adobe does: ink 0 is a byte of 255. Full cyan, no black: red is missing.
  std::vector<uint8_t> pixels;
  for (int i = 0; i < 64; ++i) pixels.insert(pixels.end(), {0, 255, 255, 255});
  const Picture decoded = decode_jpeg(encode_with(JCS_CMYK, 4, false, pixels, 8, 8)).value();
  EXPECT_NEAR(decoded.rgb[0], 0, 2);
  EXPECT_NEAR(decoded.rgb[1], 255, 2);
  EXPECT_NEAR(decoded.rgb[2], 255, 2);
}

TEST(Jpeg, AppliesTheExifOrientation) {
  std::vector<std::byte> bytes = encode_jpeg(gradient_picture(32, 16), 95).value();
  const std::string exif(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
      36);
  const auto exif_bytes = std::as_bytes(std::span(exif));
  bytes.insert(bytes.begin() + 2, exif_bytes.begin(), exif_bytes.end());
  const Picture decoded = decode_jpeg(bytes).value();
  EXPECT_EQ(decoded.width, 16);
  EXPECT_EQ(decoded.height, 32);
  EXPECT_GT(decoded.row(31)[0], 220);  // red grew to the right, now it grows downwards
  EXPECT_LT(decoded.row(0)[0], 30);
}

TEST(Jpeg, WithoutItsEndIsAnError) {
  for (const bool progressive : {false, true}) {
    const Picture picture = noise_picture(64, 64);
    const std::vector<std::byte> bytes = encode_with(JCS_RGB, 3, progressive, picture.rgb, 64, 64);
    ASSERT_TRUE(decode_jpeg(bytes).ok());
    for (size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 150) {
      EXPECT_EQ(decode_jpeg(ByteSpan(bytes).subspan(0, size)).status().code(), StatusCode::kInvalidData) << size;
    }
    EXPECT_FALSE(decode_jpeg(ByteSpan(bytes).subspan(0, bytes.size() - 2)).ok());
  }
}

TEST(Jpeg, ToleratesBytesBehindItsEnd) {
  std::vector<std::byte> bytes = encode_jpeg(gradient_picture(32, 16), 95).value();
  bytes.insert(bytes.end(), 100, std::byte{0});
  EXPECT_TRUE(decode_jpeg(bytes).ok());
}

TEST(Jpeg, WhoseSizeIsALieIsRefusedBeforeAllocation) {
  std::vector<std::byte> bytes = encode_jpeg(gradient_picture(32, 16), 95).value();
  size_t frame = 0;
  while (bytes[frame] != std::byte{0xFF} || bytes[frame + 1] != std::byte{0xC0}) ++frame;
  bytes[frame + 5] = bytes[frame + 7] = std::byte{0x3F};  // 16 thousand pixels a side
  const Status status = decode_jpeg(bytes).status();
  EXPECT_NE(status.message().find("cannot come from"), std::string::npos) << status.message();
  bytes[frame + 5] = std::byte{0xFF};
  EXPECT_FALSE(decode_jpeg(bytes).ok());
}

TEST(Jpeg, SurvivesDamage) {
  std::mt19937 random(1);
  for (const bool progressive : {false, true}) {
    const std::vector<std::byte> good = encode_with(JCS_RGB, 3, progressive, noise_picture(24, 24).rgb, 24, 24);
    for (int i = 0; i < 500; ++i) {
      std::vector<std::byte> bytes = good;
      for (int k = 0; k < 3; ++k) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
      const Result<Picture> picture = decode_jpeg(bytes);
      if (picture.ok()) {
        EXPECT_TRUE(check_picture_size(picture->width, picture->height).ok());
      }
    }
  }
}

}  // namespace
}  // namespace sixtops::vision
