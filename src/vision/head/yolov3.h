// YOLOv3 and v4 heads of Darknet: tensors as YOLOv5's raw ones (anchor_levels.h), decoded otherwise.
//
//   centre = (sigmoid(xy) · s - (s - 1) / 2 + cell) · stride        s: the stride's grid scale (scale_x_y), mostly 1
//   size   = exp(wh) · anchor
// Score of class c = sigmoid(objectness) · sigmoid(class[c]).
// The tensors look like YOLOv5's, so this head is never recognized by shapes: the importer or the user names it.
// Sources: Redmon, Farhadi, "YOLOv3: An Incremental Improvement", 2018; Darknet, src/yolo_layer.c (get_yolo_box); its
// fork AlexeyAB/darknet for s.
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

int yolov3_classes(const HeadOutputs& outputs);  // 0: the tensors do not fit, or nobody named the head
void decode_yolov3_raw(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
