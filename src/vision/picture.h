// Pictures in memory: interleaved 8-bit RGB.
//
// Rows are stride_bytes apart; the picture owns its pixels. A plain value: copying copies pixels, moving does not.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"

namespace sixtops::vision {

// Larger sides are refused by every reader before anything is allocated.
inline constexpr int kMaxPictureSide = 32768;
inline constexpr int64_t kMaxPicturePixels = int64_t{1} << 28;

struct Picture {
  int width = 0;
  int height = 0;
  int stride_bytes = 0;
  std::vector<uint8_t> rgb;

  const uint8_t* row(int y) const { return rgb.data() + static_cast<int64_t>(y) * stride_bytes; }
  uint8_t* row(int y) { return rgb.data() + static_cast<int64_t>(y) * stride_bytes; }
};

// kInvalidData, with the limits, for sizes that no picture may have.
Status check_picture_size(int64_t width, int64_t height);

// A black picture. kInvalidData when a side is outside of 1..kMaxPictureSide or the area above kMaxPicturePixels.
Result<Picture> make_picture(int width, int height);

}  // namespace sixtops::vision
