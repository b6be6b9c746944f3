#include "vision/detection_filter.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops::vision {

Result<std::vector<int>> class_ids(const std::vector<std::string>& names, const std::vector<std::string>& labels) {
  std::vector<int> ids;
  for (const std::string& name : names) {
    const auto found = std::find(labels.begin(), labels.end(), name);
    if (found == labels.end()) {
      return usage_error("the network has no class '{}'; its {} classes are shown by 'sixtops inspect'", name,
                         labels.size());
    }
    ids.push_back(static_cast<int>(found - labels.begin()));
  }
  return ids;
}

void apply_filter(const DetectionFilter& filter, std::vector<Detection>& detections) {
  std::erase_if(detections, [&](const Detection& d) {
    const float side = std::max(d.box.right - d.box.left, d.box.bottom - d.box.top);
    const bool wanted = filter.classes.empty() ||
                        std::find(filter.classes.begin(), filter.classes.end(), d.class_id) != filter.classes.end();
    return !wanted || side < filter.min_side || (filter.max_side > 0 && side > filter.max_side);
  });
}

}  // namespace sixtops::vision
