// Greedy non-maximum suppression, class by class.
#pragma once

#include <vector>

#include "vision/detection.h"

namespace sixtops::vision {

// The kept detections, best score first (ties: input order). A box goes when it overlaps a kept one of its class by
// more than max_iou. At most max_count are returned.
std::vector<Detection> non_maximum_suppression(std::vector<Detection> detections, float max_iou, int max_count);

}  // namespace sixtops::vision
