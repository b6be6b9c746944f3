// Pictures of FFmpeg's decoders as ours.
#pragma once

#include <memory>

#include "media/libav.h"
#include "media/yuv_picture.h"

struct SwsContext;

namespace sixtops::media {

// One thread at a time; keeps what repeats from picture to picture.
class LibavPictureMaker {
 public:
  LibavPictureMaker();
  ~LibavPictureMaker();

  // 8-bit 4:2:0 shares the decoder's memory; everything else (10 bit, NV12, 4:2:2, RGB, hardware surfaces) is
  // converted. Untagged pictures are BT.601 up to 576 lines and BT.709 above, as televisions have it.
  // clockwise_degrees: 0, 90, 180 or 270, how the picture has to be turned.
  Result<YuvPicture> make(const AVFrame& frame, int clockwise_degrees);

 private:
  Result<YuvPicture> convert(const AVFrame& frame);

  SwsContext* scaler_ = nullptr;
};

}  // namespace sixtops::media
