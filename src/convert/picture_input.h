// A picture as one input tensor of a network.
#pragma once

#include "graph/graph.h"
#include "vision/picture.h"
#include "vision/preprocess.h"

namespace sixtops::convert {

// How a picture lies in a tensor of rank 4 and batch 1: NCHW, or NHWC where only the last axis has 1 or 3 entries.
struct PictureLayout {
  int channels = 0;
  int height = 0;
  int width = 0;
  bool channels_last = false;
};

// kUnsupported when no picture fits the shape.
Result<PictureLayout> picture_layout(const Shape& shape);

// Resized, padded and normalized as the description says, in the input's own element type: float values, or codes by
// the table of graph/input_code.h. placement (may be null) gets where the picture lies.
Result<Tensor> picture_input(const vision::Picture& picture, const Value& input, const InputDescription& description,
                             vision::Placement* placement);

}  // namespace sixtops::convert
