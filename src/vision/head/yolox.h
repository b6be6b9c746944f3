// YOLOX: one tensor 1 x rows x (5 + classes), a row a cell of the grids of stride 8, 16, 32 one after another.
//
//   centre = (xy + cell) · stride,  size = exp(wh) · stride
// Objectness and classes are after the sigmoid. Score of class c = objectness · class[c].
// YOLOv5's decoded rows look alike but are three times as many (three anchors a cell).
// Source: Megvii YOLOX, yolox/models/yolo_head.py (decode_outputs) and demo/ONNXRuntime.
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

int yolox_classes(const HeadOutputs& outputs);  // 0: the tensors do not fit
void decode_yolox(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
