// Which detections matter to a user: by class and by size.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "vision/detection.h"

namespace sixtops::vision {

struct DetectionFilter {
  std::vector<int> classes;  // empty: all
  float min_side = 0;        // of the box's longer side, in pixels
  float max_side = 0;        // 0: no limit
};

// kUsage names a class that the labels lack.
Result<std::vector<int>> class_ids(const std::vector<std::string>& names, const std::vector<std::string>& labels);

void apply_filter(const DetectionFilter& filter, std::vector<Detection>& detections);

}  // namespace sixtops::vision
