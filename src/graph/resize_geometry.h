// The extents of a Resize and the scale of each axis: what shape rule and kernel share.
//
// Formulas: ONNX operator Resize, newest opset. Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace sixtops {

// One axis of a Resize.
struct ResizedAxis {
  int64_t input = 0;
  int64_t output = 0;
  double scale = 1;      // output elements an input element, as given or output / input when sizes were given
  double roi_begin = 0;  // of tf_crop_and_resize, relative to the input
  double roi_end = 1;
};

// All axes of `input`. roi, scales and sizes are the parameters in the order of the node's `axes` (all axes when
// empty); an empty span means not given, and one of scales and sizes has to be.
Result<std::vector<ResizedAxis>> resolve_resize(const Node& node, const Shape& input, std::span<const float> roi,
                                                std::span<const float> scales, std::span<const int64_t> sizes);

}  // namespace sixtops
