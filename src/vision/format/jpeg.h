// JPEG through libjpeg-turbo: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "vision/picture.h"

namespace sixtops::vision {

bool is_jpeg(ByteSpan bytes);

// kInvalidData for damaged and incomplete files: what libjpeg would fill up in grey is an error here. The EXIF
// orientation is applied. Messages do not name the file.
Result<Picture> decode_jpeg(ByteSpan bytes);

Result<std::vector<std::byte>> encode_jpeg(const Picture& picture, int quality);

}  // namespace sixtops::vision
