#include "vision/probability.h"

#include <algorithm>
#include <cmath>

namespace sixtops::vision {

float sigmoid(float logit) { return 1.0F / (1.0F + std::exp(-logit)); }

float logit(float probability) { return std::log(probability) - std::log1p(-probability); }

void softmax(std::span<float> logits) {
  if (logits.empty()) return;
  const float maximum = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (float& value : logits) {
    value = std::exp(value - maximum);
    sum += value;
  }
  for (float& value : logits) value /= sum;
}

bool are_probabilities(std::span<const float> values) {
  constexpr float kRoundingError = 1e-3F;
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return value >= -kRoundingError && value <= 1 + kRoundingError; });
}

}  // namespace sixtops::vision
