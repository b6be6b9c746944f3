// Network outputs → objects on the picture: decode, suppress, map back.
#pragma once

#include "vision/head.h"
#include "vision/placement.h"

namespace sixtops::vision {

struct FindOptions {
  float min_score = 0.25F;
  float max_iou = 0.45F;
  int max_count = 300;
  const TaskHints* hints = nullptr;
};

// Of the network's input, and of the picture that was placed in it.
struct PictureSizes {
  int input_width = 0;
  int input_height = 0;
  int picture_width = 0;
  int picture_height = 0;
};

// Boxes in pixels of the picture, clipped to it, best score first. Errors as decode_head.
Result<std::vector<Detection>> find_objects(const HeadDescription& head, std::span<const TensorView> outputs,
                                            const Placement& placement, const PictureSizes& sizes,
                                            const FindOptions& options);

}  // namespace sixtops::vision
