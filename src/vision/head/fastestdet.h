// FastestDet: one tensor 1 x (5 + classes) x H x W at stride 16.
//
// A cell holds objectness (after the sigmoid), x, y, w, h (as they come), classes (after the softmax):
//   centre = (tanh(xy) + cell) / grid,  size = sigmoid(wh), both of the whole input
// A cell gives one object, of its most probable class c: score = objectness^0.6 · class[c]^0.4.
// Source: dog-qiuqiu/FastestDet, utils/tool.py (handle_preds).
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

int fastestdet_classes(const HeadOutputs& outputs);  // 0: the tensors do not fit
void decode_fastestdet(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
