// SSD: boxes 1 x rows x 4 (or rows x 4, 1 x rows x 1 x 4) and scores 1 x rows x (1 + classes), column 0 the background.
//
// Rows that a rule of ssd_priors.h makes are offsets from its default boxes, with variances 0.1 and 0.2:
//   centre = prior centre + offset / 10 · prior size,  size = exp(offset / 5) · prior size
// torchvision orders them x, y, w, h and its scores are logits of a softmax; TensorFlow orders y, x, h, w, and its
// scores are logits of a sigmoid. Any other number of rows: decoded corners left, top, right, bottom of the whole input
// in 0..1, and logits of a softmax. Scores that all lie in 0..1 are probabilities already, whatever the rule.
// Not read: exports that end in their own NMS.
// Sources: Liu et al., "SSD: Single Shot MultiBox Detector", 2016; torchvision models/detection/_utils.py (BoxCoder);
// TensorFlow models, object_detection/box_coders/faster_rcnn_box_coder.py.
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

int ssd_classes(const HeadOutputs& outputs);  // 0: the tensors do not fit; without the background
InputDescription ssd_input(const HeadOutputs& outputs);
void decode_ssd(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
