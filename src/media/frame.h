// One decoded picture of a stream.
#pragma once

#include <chrono>
#include <cstdint>

#include "media/yuv_picture.h"

namespace sixtops::media {

using Clock = std::chrono::steady_clock;

struct Frame {
  YuvPicture picture;         // shared with the decoder: never written to
  int64_t pts_us = 0;         // when it is shown; grows strictly within a source
  Clock::time_point arrival;  // when its bytes had come in
  int64_t number = 0;         // from 0 within a source; frames that were dropped as corrupt have none
};

}  // namespace sixtops::media
