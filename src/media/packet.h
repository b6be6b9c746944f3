// One encoded picture, and what a container must know of the stream.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

struct AVCodecParameters;

namespace sixtops::media {

struct Packet {
  SharedBytes bytes;
  int64_t pts_us = 0;
  int64_t dts_us = 0;
  int64_t duration_us = 0;
  bool key = false;  // decoding may begin here
};

struct StreamFormat {
  std::shared_ptr<const AVCodecParameters> parameters;
  SharedBytes headers;  // parameter sets (H.264, H.265) with start codes
  int width = 0;
  int height = 0;
  double fps = 0;
  std::string codec;  // "h264", "hevc"
  std::string mime;   // for a browser: "avc1.42C01E"
};

}  // namespace sixtops::media
