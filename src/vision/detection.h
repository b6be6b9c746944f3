// What detectors answer.
#pragma once

namespace sixtops::vision {

// Corners in pixels of the picture it was found in; floats, not clipped to the picture unless said.
struct Box {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
};

struct Detection {
  Box box;
  float score = 0;
  int class_id = 0;
};

// Overlap by area, 0 for boxes that only touch.
float intersection_over_union(const Box& a, const Box& b);

}  // namespace sixtops::vision
