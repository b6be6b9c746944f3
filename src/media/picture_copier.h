// Copies of pictures to draw on, one after another, in memory that is used again: fresh memory costs more than copying.
#pragma once

#include <vector>

#include "media/yuv_picture.h"

namespace sixtops::media {

// One thread at a time; the copies may go anywhere.
class PictureCopier {
 public:
  // copy_pixels(), into the memory of an earlier copy of that size when everybody has let it go.
  Result<YuvPicture> copy(const YuvPicture& picture);

 private:
  // One that is encoded, one that is looked at, and the next.
  static constexpr size_t kMaxKept = 4;

  std::vector<YuvPicture> kept_;
};

}  // namespace sixtops::media
