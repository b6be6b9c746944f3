// YOLOv8 and YOLO11 (also YOLOv6 and YOLOv9 exports of the same form): no anchors, no objectness.
//
// DFL: a stride either one tensor 1 x (64 + classes) x H x W, or a box tensor 1 x 64 x H x W (4 sides of 16 bins; or
// 4 planes: the distances themselves) and a class tensor 1 x classes x H x W after it. A third tensor of one plane a
// stride (the class sum of the RKNN model zoo's exports) is not used. Strides may be any.
//   distance of a side = Σ bin · softmax(bins)[bin]                    order: left, top, right, bottom
//   corner             = (cell + 1/2 ∓ distance) · stride
// Decoded: 1 x (4 + classes) x rows; centre and size in pixels of the input.
// Classes are probabilities when they all lie in 0..1, else logits (vision/probability.h); decoded ones always
// probabilities. Score of class c = class[c].
// Source: Ultralytics YOLOv8, ultralytics/nn/modules/head.py (Detect), block.py (DFL), utils/tal.py (dist2bbox);
// Li et al., "Generalized Focal Loss", 2020.
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

int yolov8_dfl_classes(const HeadOutputs& outputs);  // 0: the tensors do not fit
int yolov8_decoded_classes(const HeadOutputs& outputs);

void decode_yolov8_dfl(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);
void decode_yolov8_decoded(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
