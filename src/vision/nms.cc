#include "vision/nms.h"

#include <algorithm>
#include <unordered_map>

namespace sixtops::vision {

std::vector<Detection> non_maximum_suppression(std::vector<Detection> detections, float max_iou, int max_count) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
  if (detections.size() > kMaxNmsCandidates) detections.resize(kMaxNmsCandidates);

  std::vector<Detection> kept;
  std::unordered_map<int, std::vector<Box>> kept_of_class;
  for (const Detection& candidate : detections) {
    if (static_cast<int64_t>(kept.size()) >= max_count) break;
    std::vector<Box>& rivals = kept_of_class[candidate.class_id];
    const bool overlaps = std::any_of(rivals.begin(), rivals.end(), [&](const Box& box) {
      return intersection_over_union(box, candidate.box) > max_iou;
    });
    if (overlaps) continue;
    rivals.push_back(candidate.box);
    kept.push_back(candidate);
  }
  return kept;
}

}  // namespace sixtops::vision
