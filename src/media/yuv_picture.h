// Pictures as video codecs hold them: three planes of 8 bits (I420), chroma at half the size each way.
//
// A plain value that shares its pixels: copying copies the pointers. What a decoder gave out is never written to;
// copy_pixels() makes a picture of one's own to draw on. Thread safety: as std::shared_ptr, for pixels that nobody
// writes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "vision/picture.h"

namespace sixtops::media {

// How luma and chroma are made of red, green and blue (ITU-R BT.601 and BT.709).
enum class YuvMatrix : uint8_t { kBt601, kBt709 };

struct YuvPicture {
  int width = 0;
  int height = 0;
  YuvMatrix matrix = YuvMatrix::kBt601;
  bool full_range = false;  // 0..255 instead of 16..235 for luma and 16..240 for chroma
  std::array<uint8_t*, 3> planes{};
  std::array<int, 3> strides{};  // in bytes; a decoder's may be any number not below the plane's width
  std::shared_ptr<void> owner;

  // Odd sizes have a last column and line of chroma of their own.
  int plane_width(int plane) const { return plane == 0 ? width : (width + 1) / 2; }
  int plane_height(int plane) const { return plane == 0 ? height : (height + 1) / 2; }
  uint8_t* row(int plane, int y) const {
    const auto at = static_cast<size_t>(plane);
    return planes[at] + int64_t{y} * strides[at];
  }
};

// A black picture. Its planes have room for even sizes, which encoders need. Errors as make_picture.
Result<YuvPicture> make_yuv_picture(int width, int height, YuvMatrix matrix = YuvMatrix::kBt601,
                                    bool full_range = false);

// The same picture with pixels of its own. The column and line beyond an odd size repeat their neighbours.
Result<YuvPicture> copy_pixels(const YuvPicture& picture);

// The same over a picture that copy_pixels made. REQUIRES: of the same size, and nobody else looks at it.
void copy_pixels_into(const YuvPicture& picture, YuvPicture& copy);

Result<YuvPicture> yuv_from_rgb(const vision::Picture& picture);  // BT.601, limited range

// Turned clockwise by 90, 180 or 270 degrees. REQUIRES: one of these.
Result<YuvPicture> rotated(const YuvPicture& picture, int degrees);

// The bytes that a color is in a picture's matrix and range.
std::array<uint8_t, 3> yuv_color(const YuvPicture& picture, uint8_t red, uint8_t green, uint8_t blue);

}  // namespace sixtops::media
