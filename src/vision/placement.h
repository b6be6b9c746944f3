// Where a picture lies in the network's input, and the way back for boxes.
#pragma once

#include <vector>

#include "graph/types.h"
#include "vision/detection.h"

namespace sixtops::vision {

// A rectangle of the picture (all of it but for kCrop) is resized to content_width x content_height and put at
// content_left, content_top of the input; the rest of the input is padding.
// Coordinates are continuous, a pixel covers [x, x + 1): network = picture · scale + offset.
struct Placement {
  double scale_x = 1;
  double scale_y = 1;
  double offset_x = 0;
  double offset_y = 0;
  int content_width = 0;
  int content_height = 0;
  int content_left = 0;
  int content_top = 0;
  int source_left = 0;  // of the rectangle of the picture
  int source_top = 0;
  int source_width = 0;
  int source_height = 0;
};

// kLetterbox         r = min(input_w / w, input_h / h); sides w·r, h·r rounded; left, top = half the rest, a half going
//                    down (round(rest / 2 - 0.1), the convention of YOLOv5)
// kLetterboxTopLeft  the same r; sides truncated (the convention of YOLOX)
// kStretch           the whole input
// kCrop              the centre square of 0.875 · min(w, h), truncated, over the whole input
// REQUIRES: all sizes >= 1
Placement place(int picture_width, int picture_height, int input_width, int input_height, ResizeMode mode);

// Boxes in pixels of the input → boxes in pixels of the picture, clipped to it; those without area are dropped.
std::vector<Detection> map_to_picture(std::vector<Detection> detections, const Placement& placement, int picture_width,
                                      int picture_height);

}  // namespace sixtops::vision
