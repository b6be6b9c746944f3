// From a picture to the network's input in one pass over its rows: resize, pad, colour order, one table lookup a byte.
//
// Resizing is bilinear with half-pixel centres (OpenCV's INTER_LINEAR) unless the picture shrinks under kCrop, where it
// is area averaged (INTER_AREA), as the classifiers' references were made. Rows are split over the process's thread
// pool.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/status.h"
#include "graph/types.h"
#include "vision/picture.h"
#include "vision/placement.h"

namespace sixtops::vision {

// 3, or 1 for kGray.
int channel_count(ColorOrder color);

struct InputFormat {
  int width = 0;
  int height = 0;
  ResizeMode resize = ResizeMode::kLetterbox;
  uint8_t pad_color = 0;
  ColorOrder color = ColorOrder::kRgb;
  bool channels_last = false;  // height x width x channels instead of channels x height x width
};

// Every byte through the table of its channel (graph/input_code.h). Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601),
// halves up, with weights of 14 bits as in OpenCV. placement may be null. kInvalidData for sizes that no picture has.
// REQUIRES: tables.size() == channel_count(color), and room for all of it at `out`. T: int8_t, uint8_t, float.
template <typename T>
Status write_input(const Picture& picture, const InputFormat& format, std::span<const std::array<T, 256>> tables,
                   T* out, Placement* placement);

}  // namespace sixtops::vision
