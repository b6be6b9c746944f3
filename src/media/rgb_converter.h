// YUV pictures as RGB, byte for byte as the ffmpeg program writes them into a PNG file (swscale's default), so that a
// network sees in a video what it sees in pictures of it.
#pragma once

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

  // The result is valid until the next call.
  Result<const vision::Picture*> convert(const YuvPicture& picture);

 private:
  SwsContext* scaler_ = nullptr;
  vision::Picture rgb_;
};

}  // namespace sixtops::media
