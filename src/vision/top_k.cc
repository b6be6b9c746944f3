#include "vision/top_k.h"

#include <algorithm>
#include <cmath>

#include "vision/probability.h"

namespace sixtops::vision {

std::vector<ClassScore> top_k(std::span<const float> scores, int k) {
  std::vector<float> probabilities(scores.begin(), scores.end());
  if (!are_probabilities(scores)) softmax(probabilities);
  std::vector<ClassScore> classes;
  classes.reserve(probabilities.size());
  for (const float probability : probabilities) classes.push_back({static_cast<int>(classes.size()), probability});
  const auto better = [](const ClassScore& a, const ClassScore& b) {
    const float pa = std::isnan(a.probability) ? -1 : a.probability;
    const float pb = std::isnan(b.probability) ? -1 : b.probability;
    return pa != pb ? pa > pb : a.class_id < b.class_id;
  };
  const size_t count = std::min(classes.size(), static_cast<size_t>(std::max(k, 0)));
  std::partial_sort(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(count), classes.end(), better);
  classes.resize(count);
  return classes;
}

}  // namespace sixtops::vision
