// int8 weights, symmetric, one scale an output channel.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sixtops::quantize {

// A weight tensor as a matrix: one row an output channel, one column a product.
struct WeightMatrix {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<float> values;  // row major

  std::span<const float> row(int64_t r) const { return {values.data() + r * columns, static_cast<size_t>(columns)}; }
};

struct QuantizedWeights {
  std::vector<int8_t> codes;   // as WeightMatrix::values
  std::vector<double> scales;  // one a row
};

// Largest magnitude over 127 a row, but no scale below kSmallestUnitShare (integer_layer.h) of the largest one.
std::vector<double> weight_scales(const WeightMatrix& weights);

// One scale for all rows: the largest magnitude over 127.
std::vector<double> common_weight_scale(const WeightMatrix& weights);

// Rounds to nearest.
QuantizedWeights round_weights(const WeightMatrix& weights, std::vector<double> scales);

}  // namespace sixtops::quantize
