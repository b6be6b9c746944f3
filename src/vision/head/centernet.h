// CenterNet with four distances: a heat map 1 x classes x H x W after the sigmoid and 1 x 4 x H x W, both at stride 4.
//
// A cell is an object of a class where no cell of the 3 x 3 around it has a higher value.
//   left, top     = 4 · cell - distance 0, 1
//   right, bottom = 4 · cell + distance 2, 3        all in pixels of the input
// Source: Liu et al., "Training-Time-Friendly Network for Real-Time Object Detection", 2019 (TTFNet), whose form of
// CenterNet (Zhou et al., "Objects as Points", 2019) this is.
#pragma once

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

int centernet_classes(const HeadOutputs& outputs);  // 0: the tensors do not fit
void decode_centernet(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections);

}  // namespace sixtops::vision
