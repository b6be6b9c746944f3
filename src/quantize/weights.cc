#include "quantize/weights.h"

#include <algorithm>
#include <cmath>

#include "quantize/grid.h"
#include "quantize/integer_layer.h"

namespace sixtops::quantize {

std::vector<double> weight_scales(const WeightMatrix& weights) {
  std::vector<double> scales;
  double largest = 0;
  for (int64_t r = 0; r < weights.rows; ++r) {
    double extreme = 0;
    for (const float value : weights.row(r)) extreme = std::max(extreme, std::abs(static_cast<double>(value)));
    scales.push_back(extreme / 127);
    largest = std::max(largest, scales.back());
  }
  const double smallest = std::max(largest * kSmallestUnitShare, kSmallestScale);
  for (double& scale : scales) scale = std::max(scale, smallest);
  return scales;
}

std::vector<double> common_weight_scale(const WeightMatrix& weights) {
  double extreme = 0;
  for (const float value : weights.values) extreme = std::max(extreme, std::abs(static_cast<double>(value)));
  return std::vector<double>(static_cast<size_t>(weights.rows), std::max(extreme / 127, kSmallestScale));
}

QuantizedWeights round_weights(const WeightMatrix& weights, std::vector<double> scales) {
  QuantizedWeights result;
  result.codes.reserve(weights.values.size());
  for (int64_t r = 0; r < weights.rows; ++r) {
    const double scale = scales[static_cast<size_t>(r)];
    for (const float value : weights.row(r)) {
      result.codes.push_back(static_cast<int8_t>(std::clamp(std::nearbyint(value / scale), -127.0, 127.0)));
    }
  }
  result.scales = std::move(scales);
  return result;
}

}  // namespace sixtops::quantize
