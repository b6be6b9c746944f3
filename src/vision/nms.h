// Greedy non-maximum suppression, class by class.
#pragma once

#include <cstddef>
#include <vector>

#include "vision/detection.h"

namespace sixtops::vision {

// More candidates than that, and only the best of them are looked at. A detector at score 0.001 gives some ten thousand
// a picture, of which evaluation keeps a hundred; the cap bounds what a broken network may cost.
inline constexpr size_t kMaxNmsCandidates = 30000;

// The kept detections, best score first (ties: input order). A box goes when it overlaps a kept one of its class by
// more than max_iou. At most max_count are returned. Costs at most kMaxNmsCandidates · max_count comparisons.
// REQUIRES: no score is NaN
std::vector<Detection> non_maximum_suppression(std::vector<Detection> detections, float max_iou, int max_count);

}  // namespace sixtops::vision
