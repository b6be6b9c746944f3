// YUV pictures as RGB, byte for byte as the ffmpeg program writes them into a PNG file (swscale's default), so that a
// network sees in a video what it sees in pictures of it.
#pragma once

#include <array>

#include "media/yuv_picture.h"
#include "vision/picture.h"

struct SwsContext;

namespace sixtops::media {

// One thread at a time; keeps what repeats from picture to picture.
class RgbConverter {
 public:
  RgbConverter() = default;
  ~RgbConverter();
  RgbConverter(const RgbConverter&) = delete;
  RgbConverter& operator=(const RgbConverter&) = delete;

  // The result is valid until the next call of either.
  Result<const vision::Picture*> convert(const YuvPicture& picture);

  // Of every block of step x step pixels the one in the middle: what the bilinear resize to a step-th of the size takes
  // when the step is odd. Only the lines that they lie on are converted.
  // REQUIRES: has_middles(picture, step).
  Result<const vision::Picture*> convert_middles(const YuvPicture& picture, int step);
  static bool has_middles(const YuvPicture& picture, int step);

 private:
  // swscale's converter of `planes`, of a picture with the matrix and range of `colors`, into rows of `target`.
  struct Lines {
    int pixel_format = 0;  // AVPixelFormat
    int width = 0;
    int height = 0;
    std::array<const uint8_t*, 3> planes{};
    std::array<int, 3> strides{};
  };
  static Status convert_lines(SwsContext*& scaler, const Lines& lines, const YuvPicture& colors, uint8_t* target,
                              int target_stride);

  SwsContext* scaler_ = nullptr;
  SwsContext* lines_scaler_ = nullptr;
  vision::Picture rgb_;
  vision::Picture lines_;  // of the middles
};

}  // namespace sixtops::media
