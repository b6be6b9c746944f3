#include "vision/detection.h"

#include <algorithm>

namespace sixtops::vision {

float intersection_over_union(const Box& a, const Box& b) {
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (!(width > 0 && height > 0)) return 0;
  const float overlap = width * height;
  const auto area = [](const Box& box) { return (box.right - box.left) * (box.bottom - box.top); };
  return overlap / (area(a) + area(b) - overlap);
}

}  // namespace sixtops::vision
