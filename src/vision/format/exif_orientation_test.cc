#include "vision/format/exif_orientation.h"

#include <gtest/gtest.h>

#include <string>

namespace sixtops::vision {
namespace {

ByteSpan bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// A JPEG's first bytes with an EXIF block of one entry.
std::string exif_file(bool big_endian, int tag, int type, int value) {
  const auto number = [&](int v, int width) {
    std::string text;
    for (int i = 0; i < width; ++i) {
      text += static_cast<char>(v >> 8 * (big_endian ? width - 1 - i : i));
    }
    return text;
  };
  std::string tiff = big_endian ? "MM" : "II";
  tiff += number(42, 2) + number(8, 4) + number(1, 2);
  tiff += number(tag, 2) + number(type, 2) + number(1, 4) + number(value, 2) + number(0, 2);
  const std::string segment = std::string("Exif\0\0", 6) + tiff;
  const int length = static_cast<int>(segment.size()) + 2;
  return std::string("\xFF\xD8\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length & 0xFF) + segment +
         "\xFF\xDA";
}

TEST(ExifOrientation, IsReadInBothByteOrders) {
  EXPECT_EQ(exif_orientation(bytes_of(exif_file(true, 0x0112, 3, 6))), 6);
  EXPECT_EQ(exif_orientation(bytes_of(exif_file(false, 0x0112, 3, 8))), 8);
}

TEST(ExifOrientation, IsUprightWithoutAnythingSensible) {
  EXPECT_EQ(exif_orientation({}), kUpright);
  EXPECT_EQ(exif_orientation(bytes_of(exif_file(true, 0x0113, 3, 6))), kUpright);  // another tag
  EXPECT_EQ(exif_orientation(bytes_of(exif_file(true, 0x0112, 4, 6))), kUpright);  // another type
  EXPECT_EQ(exif_orientation(bytes_of(exif_file(true, 0x0112, 3, 0))), kUpright);
  EXPECT_EQ(exif_orientation(bytes_of(exif_file(true, 0x0112, 3, 9))), kUpright);
}

TEST(ExifOrientation, SurvivesEveryTruncation) {
  const std::string file = exif_file(false, 0x0112, 3, 6);
  for (size_t size = 0; size < file.size(); ++size) {
    const int orientation = exif_orientation(bytes_of(file).subspan(0, size));
    EXPECT_TRUE(orientation == kUpright || orientation == 6) << size;
  }
}

TEST(ExifOrientation, SurvivesOffsetsOutsideOfTheBlock) {
  std::string file = exif_file(false, 0x0112, 3, 6);
  const size_t offset_field = 12 + 4;
  for (const char byte : {'\x7F', '\xFF'}) {
    for (size_t i = 0; i < 4; ++i) file[offset_field + i] = byte;
    EXPECT_EQ(exif_orientation(bytes_of(file)), kUpright);
  }
}

// The letters of a 3 x 2 picture, by the red channel.
std::string letters_of(const Picture& picture) {
  std::string text;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) text += static_cast<char>(picture.row(y)[3 * x]);
    text += '|';
  }
  return text;
}

TEST(ToUpright, TurnsAsExifSays) {
  // Stored as abc / def. 6: the stored top row is the right side; 8: the left side.
  const char* expected[] = {"abc|def|",  "cba|fed|",  "fed|cba|",  "def|abc|",
                            "ad|be|cf|", "da|eb|fc|", "fc|eb|da|", "cf|be|ad|"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    Picture picture = make_picture(3, 2).value();
    for (int i = 0; i < 6; ++i) picture.row(i / 3)[3 * (i % 3)] = static_cast<uint8_t>('a' + i);
    EXPECT_EQ(letters_of(to_upright(picture, orientation).value()), expected[orientation - 1]) << orientation;
  }
}

}  // namespace
}  // namespace sixtops::vision
