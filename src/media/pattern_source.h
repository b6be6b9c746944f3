// A moving test pattern, at its own pace like a camera.
//
// Bars of colour, a bright square that moves, and the frame's number as 32 squares of 8x8 pixels (white: 1, highest bit
// first) along the top, so that a later picture tells which one it is.
#pragma once

#include "media/source.h"

namespace sixtops::media {

// "test:WxH@FPS" or "test:WxH@FPS:FRAMES"; with FRAMES it is no live source: it comes as fast as it is read, and ends.
Result<std::unique_ptr<Source>> open_pattern_source(const std::string& url);

inline constexpr int kNumberBits = 32;
inline constexpr int kNumberSide = 8;  // pixels

// The number that a picture shows; pictures narrower than kNumberBits · kNumberSide show none. REQUIRES: wide enough.
uint32_t read_frame_number(const YuvPicture& picture);

}  // namespace sixtops::media
