#include "vision/appearance.h"

#include <cmath>

namespace sixtops::vision {
namespace {

constexpr float kLumaWeight = 0.7F;
constexpr float kShareOfNow = 0.1F;

}  // namespace

float Appearance::distance_to(const Appearance& other) const {
  float sum = 0;
  for (size_t i = 0; i < means.size(); ++i) {
    const float difference = (means[i] - other.means[i]) * (i % 3 == 0 ? kLumaWeight : 1);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

void Appearance::follow(const Appearance& now) {
  for (size_t i = 0; i < means.size(); ++i) means[i] += kShareOfNow * (now.means[i] - means[i]);
}

}  // namespace sixtops::vision
