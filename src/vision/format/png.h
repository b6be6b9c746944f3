// PNG through libpng: all colour types, bit depths and interlacing.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "vision/picture.h"

namespace sixtops::vision {

bool is_png(ByteSpan bytes);

// Grey and palette pictures become RGB, 16 bit keeps the upper 8, alpha is dropped, gamma is ignored. kInvalidData for
// damaged and incomplete files. Messages do not name the file.
Result<Picture> decode_png(ByteSpan bytes);

Result<std::vector<std::byte>> encode_png(const Picture& picture);

}  // namespace sixtops::vision
