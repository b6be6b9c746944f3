// Windows bitmaps, read and written by ourselves.
//
// Layout (little endian): a file header of 14 bytes ("BM", file size, two zeros, offset of the pixels), an info header
// whose size is its first field (12 for OS/2, 40 and more for Windows), channel masks or a palette of B, G, R, 0, then
// the rows, each padded to 4 bytes; bottom row first unless the height is negative.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "vision/picture.h"

namespace sixtops::vision {

bool is_bmp(ByteSpan bytes);

// 8 bits with palette, 24 and 32 bits uncompressed (32 also with masks that name whole bytes). kUnsupported names other
// depths and compressions. Messages do not name the file.
Result<Picture> decode_bmp(ByteSpan bytes);

// 24 bits, bottom row first.
Result<std::vector<std::byte>> encode_bmp(const Picture& picture);

}  // namespace sixtops::vision
