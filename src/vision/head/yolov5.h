// YOLOv5 heads (and YOLOv7, which differs by its anchors).
//
// Raw and sigmoid: one tensor a stride, 1 x (anchors · (5 + classes)) x H x W, or 1 x anchors x H x W x (5 + classes);
// a cell of an anchor holds x, y, w, h, objectness, classes, all in 0..1 after the sigmoid:
//   centre = (2 · xy - 0.5 + cell) · stride
//   size   = (2 · wh)² · anchor
// Decoded: 1 x rows x (5 + classes), centre and size in pixels of the input, the rest after the sigmoid.
// Score of class c = objectness · class[c].
// Source: Ultralytics YOLOv5 v6/v7, models/yolo.py (class Detect) and models/yolov5*.yaml (anchors).
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

// Classes when the tensors fit, else 0. Anchors and strides of the hints replace the family's own.
int yolov5_classes(const HeadOutputs& outputs);
int yolov5_decoded_classes(const HeadOutputs& outputs);

void decode_yolov5_raw(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);
void decode_yolov5_sigmoid(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);
void decode_yolov5_decoded(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
