// The post-processing of the vendor's YOLOv5 demo, with its quirks, so that both print the same lines from the same
// tensors. vision/find_objects.h is the exact one.
//
// Three int8 tensors of sigmoid outputs, 255 x H/s x W/s for the strides 8, 16, 32 (3 anchors · (5 + 80 classes)):
// - the threshold becomes a code, cut towards zero: clip(min_score / scale + zero point, -128, 127);
// - a cell counts when its objectness >= that code and its best class (the first of equals) > it; the product of both,
//   the score, is not compared again;
// - sorting by score is the vendor's quick sort, which does not keep the order of equals;
// - suppression a class, with one pixel added to every width and height;
// - the padding is taken off, then corners are clamped to the network's input and cut to whole pixels, then divided by
//   the scale and cut again, so boxes may reach beyond the picture;
// - at most 64 objects.
// All arithmetic is in float, with the intermediate double of the original where C's rules had put one.
// Source: airockchip/rknn-toolkit2, rknpu2/examples/rknn_yolov5_demo/src/postprocess.cc (2.3.2).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace sixtops::vision {

struct VendorTensor {
  std::span<const int8_t> codes;
  int32_t zero_point = 0;
  float scale = 1;
};

struct VendorOptions {
  int input_width = 640;
  int input_height = 640;
  float min_score = 0.25F;
  float max_iou = 0.45F;
  int pad_left = 0;
  int pad_top = 0;
  float scale_x = 1;  // network pixels a picture pixel
  float scale_y = 1;
};

struct VendorObject {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  float score = 0;
  int class_id = 0;
};

// tensors: strides 8, 16, 32. Best score first. kInvalidData when a tensor has another size, a zero point is no int8,
// or a scale is not a positive number.
Result<std::vector<VendorObject>> vendor_post_process(const std::array<VendorTensor, 3>& tensors,
                                                      const VendorOptions& options);

}  // namespace sixtops::vision
