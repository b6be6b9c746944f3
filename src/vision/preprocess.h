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

namespace sixtops::vision {

// Where the picture lies in the network's input: network = picture · scale + offset.
struct Placement {
  double scale_x = 1;
  double scale_y = 1;
  double offset_x = 0;
  double offset_y = 0;
  int content_width = 0;  // of the resized picture
  int content_height = 0;
  int content_left = 0;  // integer position in the input
  int content_top = 0;
};

Placement place(int picture_width, int picture_height, int input_width, int input_height, ResizeMode mode);

// The resized and padded picture at the network's size, still RGB bytes.
Result<Picture> resize_to_input(const Picture& picture, int input_width, int input_height, ResizeMode mode,
                                uint8_t pad_color, Placement* placement);

// Planar codes or values through a table a channel (graph/input_code.h). out: channels x height x width.
void to_planar_codes(const Picture& input, ColorOrder color, std::span<const std::array<int8_t, 256>> tables,
                     int8_t* out);
void to_planar_values(const Picture& input, ColorOrder color, std::span<const std::array<float, 256>> tables,
                      float* out);

}  // namespace sixtops::vision
