// The look of a thing in a picture.
#pragma once

#include "media/yuv_picture.h"
#include "vision/appearance.h"
#include "vision/detection.h"

namespace sixtops::media {

// Of the middle of a box, where little background is. Costs a few hundred pixels however large the box is.
vision::Appearance appearance_of(const YuvPicture& picture, const vision::Box& box);

}  // namespace sixtops::media
