// What classifiers answer: the best classes with their probabilities.
#pragma once

#include <span>
#include <vector>

namespace sixtops::vision {

struct ClassScore {
  int class_id = 0;
  float probability = 0;
};

// The k best, best first (ties: lower class first). Logits go through a softmax first; values that all lie in 0..1 are
// probabilities already (vision/probability.h). Values that are not numbers come last. Fewer than k when there are
// fewer classes.
std::vector<ClassScore> top_k(std::span<const float> scores, int k);

}  // namespace sixtops::vision
