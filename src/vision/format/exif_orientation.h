// The orientation tag of a JPEG file's EXIF block, and what it asks for.
//
// EXIF 2.32, tag 0x0112: 1 upright, 2 mirrored, 3 turned by 180 degrees, 4 flipped, 5 transposed, 6 must be turned
// clockwise by 90 degrees, 7 transverse, 8 counterclockwise by 90 degrees.
#pragma once

#include "base/bytes.h"
#include "vision/picture.h"

namespace sixtops::vision {

inline constexpr int kUpright = 1;

// 1..8; kUpright when there is no EXIF block, no such tag, or any of it makes no sense.
int exif_orientation(ByteSpan jpeg);

// The picture as a person should see it. REQUIRES: orientation in 1..8
Result<Picture> to_upright(Picture picture, int orientation);

}  // namespace sixtops::vision
