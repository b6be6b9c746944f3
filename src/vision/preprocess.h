// From a picture to the network's input bytes: resize, pad, colour order, planar NCHW, one table lookup a byte.
//
// Resizing is bilinear with half-pixel centres (OpenCV's INTER_LINEAR) unless the picture shrinks under kCrop, where it
// is area averaged (INTER_AREA), as the classifiers' references were made.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/status.h"
#include "graph/types.h"
#include "vision/picture.h"
#include "vision/placement.h"

namespace sixtops::vision {

// The resized and padded picture at the network's size, still RGB bytes. placement may be null.
Result<Picture> resize_to_input(const Picture& picture, int input_width, int input_height, ResizeMode mode,
                                uint8_t pad_color, Placement* placement);

// 3, or 1 for kGray.
int channel_count(ColorOrder color);

// Planar codes or values through a table a channel (graph/input_code.h). out: channels x height x width.
// Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), halves up, with weights of 14 bits as in OpenCV.
// REQUIRES: tables.size() == channel_count(color), and room for all of it at `out`.
void to_planar_codes(const Picture& input, ColorOrder color, std::span<const std::array<int8_t, 256>> tables,
                     int8_t* out);
void to_planar_values(const Picture& input, ColorOrder color, std::span<const std::array<float, 256>> tables,
                      float* out);

}  // namespace sixtops::vision
